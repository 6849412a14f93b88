// SPDX-License-Identifier: GPL-3.0-or-later
// Runs ONNX models with ONNX Runtime: node run_onnx.cjs images.bin count size level model.onnx logits.bin [model.onnx logits.bin ...]
// images.bin holds float32 [count, 3, size, size], each logits.bin gets float32 [count, classes]; level is that of the graph's
// optimizations: 'disabled' or 'all'. NODE_PATH tells where onnxruntime-node is.
'use strict';
const fs = require('fs');
const ort = require('onnxruntime-node');

async function main() {
  const [input, count, size, level, ...files] = process.argv.slice(2);
  const bytes = fs.readFileSync(input);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const image = new ort.Tensor('float32', values, [Number(count), 3, Number(size), Number(size)]);
  for (let at = 0; at < files.length; at += 2) {
    const session = await ort.InferenceSession.create(files[at], {graphOptimizationLevel: level, intraOpNumThreads: 2, logSeverityLevel: 3});
    const {logits} = await session.run({image});
    fs.writeFileSync(files[at + 1], Buffer.from(logits.data.buffer, logits.data.byteOffset, logits.data.byteLength));
    await session.release();
  }
}

main().catch((error) => {
  console.error(String(error));
  process.exit(1);
});

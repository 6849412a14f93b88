<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>main</name>
    <message>
        <source>Workbench for post-training quantization of vision transformers (simulated: accuracy, not speed)</source>
        <translation>视觉 Transformer 训练后量化工作台（模拟量化：衡量精度，而非速度）</translation>
    </message>
    <message>
        <source>Open the embedded demo and run it.</source>
        <translation>打开内置演示并运行。</translation>
    </message>
    <message>
        <source>Checkpoint (.safetensors), run file (.h5) or folder of images.</source>
        <translation>权重文件（.safetensors）、运行文件（.h5）或图像文件夹。</translation>
    </message>
    <message>
        <source>At the first start, do not open the demo.</source>
        <translation>首次启动时不打开演示。</translation>
    </message>
    <message>
        <source>Do not open the last session again.</source>
        <translation>不重新打开上次的会话。</translation>
    </message>
</context>
<context>
    <name>quantoscope::AccuracyController</name>
    <message>
        <source>%1
Its attention cannot be measured now: %2</source>
        <translation>%1
现在无法测量其注意力：%2</translation>
    </message>
</context>
<context>
    <name>quantoscope::AttentionPlot</name>
    <message>
        <source>Attention map</source>
        <translation>注意力图</translation>
    </message>
    <message>
        <source>Run a quantized evaluation, then choose Run, Attention map to see where the model looks.</source>
        <translation>先运行一次量化评估，然后选择“运行”、“注意力图”，查看模型关注哪里。</translation>
    </message>
    <message>
        <source>No attention map was made yet: choose Run, Attention map and an image.</source>
        <translation>尚未生成注意力图：选择“运行”、“注意力图”和一张图像。</translation>
    </message>
    <message>
        <source>Attention weight, float and quantized</source>
        <translation>注意力权重（浮点与量化）</translation>
    </message>
    <message>
        <source>Quantized − float</source>
        <translation>量化 − 浮点</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>rollout over all blocks</source>
        <translation>贯穿所有块的 Rollout</translation>
    </message>
    <message>
        <source>head %1</source>
        <translation>头 %1</translation>
    </message>
    <message>
        <source>mean of %1 heads</source>
        <translation>%1 个头的平均</translation>
    </message>
    <message>
        <source>Attention: %1</source>
        <translation>注意力：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Weight that the class token gives each patch.</source>
        <translation>类别标记赋予每个图块的权重。</translation>
    </message>
    <message>
        <source>Weight that each patch receives inside its window of %1 × %1, averaged over the window; windowed attention has no map over the whole image.</source>
        <translation>每个图块在其 %1 × %1 窗口内得到的权重，在窗口内取平均；窗口注意力没有覆盖整幅图像的图。</translation>
    </message>
    <message>
        <source>Weight that each patch receives, averaged over all of them: the model has no class token.</source>
        <translation>每个图块得到的权重，对所有图块取平均：该模型没有类别标记。</translation>
    </message>
    <message>
        <source>A rollout is not defined for windowed attention.</source>
        <translation>窗口注意力没有定义 Rollout。</translation>
    </message>
    <message>
        <source>row %1, column %2 · float %3 · quantized %4 · difference %5</source>
        <translation>第 %1 行，第 %2 列 · 浮点 %3 · 量化 %4 · 差值 %5</translation>
    </message>
    <message>
        <source>Image of the attention map</source>
        <translation>注意力图的图像</translation>
    </message>
    <message>
        <source>Head of the attention</source>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>The image behind the maps</source>
        <translation>注意力图后面的图像</translation>
    </message>
    <message>
        <source>Mean of the heads</source>
        <translation>各头平均</translation>
    </message>
    <message>
        <source>Rollout</source>
        <translation>Rollout</translation>
    </message>
    <message>
        <source>Head %1</source>
        <translation>头 %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::BitsDelegate</name>
    <message>
        <source>Bits</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>量化方案</translation>
    </message>
</context>
<context>
    <name>quantoscope::BitsFilterDialog</name>
    <message>
        <source>Bits by name or type</source>
        <translation>按名称或类型设置位宽</translation>
    </message>
    <message>
        <source>Which layers</source>
        <translation>哪些层</translation>
    </message>
    <message>
        <source>Parts of names (fc2, attn.q*), &quot;weights&quot; or &quot;activations&quot;, an operator, a role, and &quot;blocks 4-7&quot; or &quot;blocks 0, 3&quot;; in English, in any order</source>
        <translation>名称的一部分（fc2、attn.q*）、&quot;weights&quot; 或 &quot;activations&quot;、算子、角色，以及 &quot;blocks 4-7&quot; 或 &quot;blocks 0, 3&quot;；用英文，顺序不限</translation>
    </message>
    <message>
        <source>Operator type</source>
        <translation>算子类型</translation>
    </message>
    <message>
        <source>any</source>
        <translation>任意</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>As the recipe says</source>
        <translation>按方案</translation>
    </message>
    <message>
        <source>Layers found</source>
        <translation>找到的层</translation>
    </message>
    <message>
        <source>&amp;Layers</source>
        <translation>层(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Type</source>
        <translation>类型(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Bits</source>
        <translation>位宽(&amp;B)</translation>
    </message>
    <message>
        <source>Say which layers, or choose a type.</source>
        <translation>请写明哪些层，或选择一种类型。</translation>
    </message>
    <message>
        <source>No layer is all of that.</source>
        <translation>没有同时满足这些条件的层。</translation>
    </message>
    <message>
        <source>Layers: %1</source>
        <translation>层数：%1</translation>
    </message>
    <message>
        <source>One step that can be undone</source>
        <translation>作为一步执行，可以撤销</translation>
    </message>
</context>
<context>
    <name>quantoscope::BitsMenu</name>
    <message>
        <source>Layers: %1</source>
        <translation>层数：%1</translation>
    </message>
    <message>
        <source>&amp;Float</source>
        <translation>浮点(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;%1 bit</source>
        <translation>&amp;%1 位</translation>
    </message>
    <message>
        <source>As the &amp;recipe says</source>
        <translation>按方案(&amp;R)</translation>
    </message>
    <message>
        <source>Bits of this layer</source>
        <translation>此层的位宽</translation>
    </message>
    <message>
        <source>Open the checkpoint of this run to change bits.</source>
        <translation>要更改位宽，请先打开此次运行的检查点。</translation>
    </message>
    <message>
        <source>Select a layer first.</source>
        <translation>请先选择一层。</translation>
    </message>
    <message>
        <source>Only re-arranges values that another tap already quantizes, so it has no bits of its own.</source>
        <translation>只重新排列已由其他位置量化的值，因此没有自己的位宽。</translation>
    </message>
    <message>
        <source>Bits of the %1 selected layers</source>
        <translation>所选 %1 层的位宽</translation>
    </message>
    <message>
        <source>Bits of %1</source>
        <translation>%1 的位宽</translation>
    </message>
    <message>
        <source>Bits of %1 in all blocks</source>
        <translation>所有块中 %1 的位宽</translation>
    </message>
    <message>
        <source>Bits of all of block %1</source>
        <translation>块 %1 全部的位宽</translation>
    </message>
    <message>
        <source>Bits of all weights of type %1</source>
        <translation>所有 %1 类型权重的位宽</translation>
    </message>
    <message>
        <source>Bits of all values of type %1</source>
        <translation>所有 %1 类型数值的位宽</translation>
    </message>
</context>
<context>
    <name>quantoscope::CalibrationPlot</name>
    <message>
        <source>Percentile</source>
        <translation>百分位</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Run a calibration to watch the ranges settle, batch by batch.</source>
        <translation>运行一次校准，即可逐批观察范围如何趋于稳定。</translation>
    </message>
    <message>
        <source>This run holds no history of its calibration; run it again to get one.</source>
        <translation>此运行没有保存校准过程；重新运行即可得到。</translation>
    </message>
    <message>
        <source>%1: range after every batch</source>
        <translation>%1：每批之后的范围</translation>
    </message>
    <message>
        <source>%1: range after every batch, %2 of %3 images</source>
        <translation>%1：每批之后的范围，已用 %2 张图像，共 %3 张</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Extremes of each batch</source>
        <translation>每批的极值</translation>
    </message>
    <message>
        <source>Images until settled</source>
        <translation>稳定所需的图像数</translation>
    </message>
    <message>
        <source>Settled within 1 %</source>
        <translation>已稳定在 1 % 以内</translation>
    </message>
    <message>
        <source>Moved by the last batch</source>
        <translation>最后一批仍有变动</translation>
    </message>
    <message>
        <source>One batch alone does not tell whether ranges have settled.</source>
        <translation>仅凭一批无法判断范围是否已经稳定。</translation>
    </message>
    <message>
        <source>Converged at %1 of %2 images: from there on no range of %3 layers moved by more than 1 % of its width. Last to settle: %4.</source>
        <translation>在第 %1 张图像处收敛（共 %2 张）：此后 %3 层的范围变动均不超过其宽度的 1 %。最后稳定的是 %4。</translation>
    </message>
    <message>
        <source>Still moving by more than 1 % of their width in the last batch: %1 of %2 layers; the others had settled at %3 of %4 images. Most: %5, by %6 over the last quarter of the batches.</source>
        <translation>最后一批中变动仍超过自身宽度 1 % 的有 %1 层，共 %2 层；其余各层在第 %3 张图像时已稳定（共 %4 张）。变动最大的是 %5：在最后四分之一的批次中变动 %6。</translation>
    </message>
    <message>
        <source>%1 · moved by the last batch · %2 of its width over the last quarter of the batches</source>
        <translation>%1 · 最后一批仍有变动 · 最后四分之一的批次中变动宽度的 %2</translation>
    </message>
    <message>
        <source>%1 · settled after %2 images · moved by %3 of its width over the last quarter of the batches</source>
        <translation>%1 · 在 %2 张图像后稳定 · 最后四分之一的批次中变动宽度的 %3</translation>
    </message>
    <message>
        <source>batch %1, %2 images</source>
        <translation>第 %1 批，%2 张图像</translation>
    </message>
</context>
<context>
    <name>quantoscope::ChannelMapPlot</name>
    <message>
        <source>Channel map</source>
        <translation>通道热图</translation>
    </message>
    <message>
        <source>max − min</source>
        <translation>最大 − 最小</translation>
    </message>
    <message>
        <source>max |x|</source>
        <translation>最大 |x|</translation>
    </message>
    <message>
        <source>max |x| / layer median</source>
        <translation>最大 |x| / 该层中位数</translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation>SQNR [dB]</translation>
    </message>
    <message>
        <source>Open a model and run a calibration to see which channels stand out in which layers.</source>
        <translation>打开模型并运行校准，即可看到哪些层的哪些通道异常突出。</translation>
    </message>
    <message>
        <source>No ranges of “%1” were observed in this run; choose other taps above.</source>
        <translation>本次运行未观测到“%1”的取值范围；请在上方选择其他观测点。</translation>
    </message>
    <message>
        <source>This run has no error figures: switch on “Measure error per layer” and run again.</source>
        <translation>本次运行没有误差数据：请勾选“测量逐层误差”后重新运行。</translation>
    </message>
    <message>
        <source>Layer in network order</source>
        <translation>按网络顺序排列的层</translation>
    </message>
    <message>
        <source>Channels by layer: %1</source>
        <translation>各层的通道：%1</translation>
    </message>
    <message>
        <source>No channel exceeds %1 times its layer&apos;s median.</source>
        <translation>没有通道超过所在层中位数的 %1 倍。</translation>
    </message>
    <message>
        <source>Channels above %1 times their layer&apos;s median: %2. Channel %3 in %4 of %5 layers, most in %6 (%7 times).</source>
        <translation>超过所在层中位数 %1 倍的通道：%2 个。通道 %3 出现于 %4 层（共 %5 层），在 %6 中最突出（%7 倍）。</translation>
    </message>
    <message>
        <source>Selected: %1.</source>
        <translation>已选：%1。</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>× median</source>
        <translation>× 中位数</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>max |x| %1 times the layer&apos;s median</source>
        <translation>最大 |x| 为该层中位数的 %1 倍</translation>
    </message>
    <message>
        <source>SQNR %1 dB</source>
        <translation>SQNR %1 dB</translation>
    </message>
    <message>
        <source>“%1” has no attention heads.</source>
        <translation>“%1”没有注意力头。</translation>
    </message>
    <message>
        <source>No ranges of the tokens of “%1” are known.</source>
        <translation>“%1”没有已知的逐标记范围。</translation>
    </message>
    <message>
        <source>Tokens by layer: %1</source>
        <translation>各层的标记：%1</translation>
    </message>
    <message>
        <source>Heads by layer: %1</source>
        <translation>各层的注意力头：%1</translation>
    </message>
    <message>
        <source>None exceeds %1 times its layer&apos;s median.</source>
        <translation>没有一个超过所在层中位数的 %1 倍。</translation>
    </message>
    <message>
        <source>Above %1 times their layer&apos;s median: %2. Most often: %3, in %4 of %5 layers (%6 times in %7).</source>
        <translation>超过所在层中位数 %1 倍的有 %2 个。最常见的是 %3：出现于 %4 层（共 %5 层），在 %7 中达 %6 倍。</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>layer, channel or token</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1: at most %2 times its layer&apos;s median</source>
        <translation>%1：最多为所在层中位数的 %2 倍</translation>
    </message>
</context>
<context>
    <name>quantoscope::ChannelRangesPlot</name>
    <message>
        <source>Channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Run a calibration to see the range of every channel.</source>
        <translation>运行一次校准即可查看每个通道的取值范围。</translation>
    </message>
    <message>
        <source>Select a layer in the model tree or in a plot to see its channels.</source>
        <translation>在模型树或图中选择一层，即可查看其各通道。</translation>
    </message>
    <message>
        <source>No values of %1 were observed in this run.</source>
        <translation>本次运行未观测到 %1 的数值。</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Quantized range</source>
        <translation>量化范围</translation>
    </message>
    <message>
        <source>Observed minimum to maximum</source>
        <translation>观测最小值至最大值</translation>
    </message>
    <message>
        <source>Clipped channel</source>
        <translation>被截断的通道</translation>
    </message>
    <message>
        <source>This tap stays in float.</source>
        <translation>此观测点保持浮点。</translation>
    </message>
    <message>
        <source>%1, %2 bit: powers of two from 1 down, no range to choose.</source>
        <translation>%1，%2 位：由 1 向下的 2 的幂，无需选择范围。</translation>
    </message>
    <message>
        <source>%1, %2 bit; scales %3 to %4, zero point %5.</source>
        <translation>%1，%2 位；缩放因子 %3 至 %4，零点 %5。</translation>
    </message>
    <message>
        <source>%1, %2 bit; scale %3, zero point %4.</source>
        <translation>%1，%2 位；缩放因子 %3，零点 %4。</translation>
    </message>
    <message>
        <source>quantized %1 to %2</source>
        <translation>量化范围 %1 至 %2</translation>
    </message>
    <message>
        <source>, scale %1</source>
        <translation>，缩放因子 %1</translation>
    </message>
    <message>
        <source>%1: channel by channel</source>
        <translation>%1：逐通道</translation>
    </message>
    <message>
        <source>Clipped channels: %1 of %2.</source>
        <translation>被截断的通道：%1 个，共 %2 个。</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>%1, %2 bit; steps of %3 for small or negative values, %4 for the others.</source>
        <translation>%1，%2 位；小值或负值的步长为 %3，其余为 %4。</translation>
    </message>
    <message>
        <source>%1, widest range first</source>
        <translation>%1，范围最大者在前</translation>
    </message>
    <message>
        <source>%1, largest magnitude first</source>
        <translation>%1，幅值最大者在前</translation>
    </message>
    <message>
        <source>%1, lowest SQNR first</source>
        <translation>%1，SQNR 最低者在前</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Clipped values: %1.</source>
        <translation>被截断的数值：%1。</translation>
    </message>
    <message>
        <source>observed %1 to %2</source>
        <translation>观测 %1 至 %2</translation>
    </message>
    <message>
        <source>, %1 of the observed range outside</source>
        <translation>，观测范围的 %1 在外</translation>
    </message>
    <message>
        <source>SQNR %1 dB</source>
        <translation>SQNR %1 dB</translation>
    </message>
    <message>
        <source>Factor</source>
        <translation>因子</translation>
    </message>
    <message>
        <source>PTF factor</source>
        <translation>PTF 因子</translation>
    </message>
    <message>
        <source>, PTF factor %1</source>
        <translation>，PTF 因子 %1</translation>
    </message>
    <message>
        <source>%1 has no attention heads: select qkv, scores, softmax or context, or choose “by channel” above.</source>
        <translation>%1 没有注意力头：请选择 qkv、scores、softmax 或 context，或在上方选择“按通道”。</translation>
    </message>
    <message>
        <source>No ranges of the tokens of %1 are known: it has none, or the run was made before they were observed.</source>
        <translation>没有 %1 的逐标记范围：它没有标记，或者该运行早于此项观测。</translation>
    </message>
    <message>
        <source>by channel</source>
        <translation>按通道</translation>
    </message>
    <message>
        <source>by token</source>
        <translation>按标记</translation>
    </message>
    <message>
        <source>by head</source>
        <translation>按注意力头</translation>
    </message>
    <message>
        <source>%1: token by token</source>
        <translation>%1：逐标记</translation>
    </message>
    <message>
        <source>%1: head by head</source>
        <translation>%1：逐注意力头</translation>
    </message>
    <message>
        <source>Widest: %1.</source>
        <translation>范围最宽的是%1。</translation>
    </message>
    <message>
        <source>Clipped place</source>
        <translation>被截断处</translation>
    </message>
</context>
<context>
    <name>quantoscope::ConfusionPlot</name>
    <message>
        <source>Confusion</source>
        <translation>混淆</translation>
    </message>
    <message>
        <source>Evaluate a run with “Evaluate in float”, or pin a run as baseline, to see which classes are taken for which others.</source>
        <translation>勾选“评估浮点模型”后运行，或将某次运行固定为基线，即可查看哪些类别被误认为哪些类别。</translation>
    </message>
    <message>
        <source>The true classes of these images are unknown: choose the class before as rows.</source>
        <translation>这些图像的真实类别未知：请将行改为之前的类别。</translation>
    </message>
    <message>
        <source>No image changed its best class.</source>
        <translation>没有图像的首选类别发生变化。</translation>
    </message>
    <message>
        <source>Class before</source>
        <translation>之前的类别</translation>
    </message>
    <message>
        <source>True class</source>
        <translation>真实类别</translation>
    </message>
    <message>
        <source>Class after</source>
        <translation>之后的类别</translation>
    </message>
    <message>
        <source>%1: classes before and after quantization</source>
        <translation>%1：量化前后的类别</translation>
    </message>
    <message>
        <source>%1 → %2: classes before and after</source>
        <translation>%1 → %2：前后的类别</translation>
    </message>
    <message>
        <source>Images whose best class changed: %1.</source>
        <translation>首选类别改变的图像：%1。</translation>
    </message>
    <message>
        <source>Framed: became right.</source>
        <translation>加框：变为正确。</translation>
    </message>
    <message>
        <source>%1 → %2: %3 images, %4 lost, %5 gained</source>
        <translation>%1 → %2：%3 张图像，%4 张变错，%5 张变对</translation>
    </message>
    <message>
        <source>What the rows are</source>
        <translation>行的含义</translation>
    </message>
    <message>
        <source>From the class before</source>
        <translation>从之前的类别</translation>
    </message>
    <message>
        <source>From the true class</source>
        <translation>从真实类别</translation>
    </message>
    <message>
        <source>others (%1)</source>
        <translation>其他（%1）</translation>
    </message>
</context>
<context>
    <name>quantoscope::CostDialog</name>
    <message>
        <source>What it takes</source>
        <translation>所需开销</translation>
    </message>
</context>
<context>
    <name>quantoscope::DrawsDialog</name>
    <message>
        <source>Repeat with other calibration images</source>
        <translation>用其他校准图像重复</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>&amp;Draws of each size</source>
        <translation>每种数量的抽样次数(&amp;D)</translation>
    </message>
    <message>
        <source>Draws of each size</source>
        <translation>每种数量的抽样次数</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>One number or several, for example 8, 16, 32. Images of one seed are the first ones of every larger size.</source>
        <translation>一个或多个数字，例如 8, 16, 32。同一种子下，较少的图像是较多图像的前几张。</translation>
    </message>
    <message>
        <source>Calibration &amp;images</source>
        <translation>校准图像(&amp;I)</translation>
    </message>
    <message>
        <source>Calibration images of the draws</source>
        <translation>各次抽样的校准图像数</translation>
    </message>
    <message>
        <source>One number or several, for example 5, 10</source>
        <translation>一个或多个数字，例如 5, 10</translation>
    </message>
    <message>
        <source>Calibration &amp;batch</source>
        <translation>校准批次(&amp;B)</translation>
    </message>
    <message>
        <source>Images per calibration batch</source>
        <translation>每个校准批次的图像数</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>What it takes is worked out when the running job has ended. It can be queued now.</source>
        <translation>当前任务结束后才会估算开销；现在即可加入队列。</translation>
    </message>
    <message>
        <source>Working out the cost…</source>
        <translation>正在估算开销…</translation>
    </message>
    <message>
        <source>%1 runs, each evaluated on %2 images; %3 images are calibrated in all, drawn from %4.</source>
        <translation>共 %1 次运行，每次在 %2 张图像上评估；总共校准 %3 张图像，从 %4 张中抽取。</translation>
    </message>
    <message>
        <source>About %1 at the rate of the last run.</source>
        <translation>按上次运行的速度约需 %1。</translation>
    </message>
    <message>
        <source>How long it takes is known after a first run of this model.</source>
        <translation>该模型首次运行之后才能知道所需时间。</translation>
    </message>
    <message>
        <source>The largest size is all images that there are: its draws differ in their order only.</source>
        <translation>最大数量就是全部现有图像：这些抽样只有顺序不同。</translation>
    </message>
</context>
<context>
    <name>quantoscope::ErrorPlot</name>
    <message>
        <source>Error by layer</source>
        <translation>逐层误差</translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation>SQNR [dB]</translation>
    </message>
    <message>
        <source>1 − cosine</source>
        <translation>1 − 余弦</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>MSE relative to signal power</source>
        <translation>相对于信号功率的 MSE</translation>
    </message>
    <message>
        <source>Run a quantized evaluation to see which layers lose the most.</source>
        <translation>运行一次量化评估即可查看哪些层损失最大。</translation>
    </message>
    <message>
        <source>This run has no error figures: switch on “Measure error per layer” and run again.</source>
        <translation>本次运行没有误差数据：请勾选“测量逐层误差”后重新运行。</translation>
    </message>
    <message>
        <source>Whole network up to here</source>
        <translation>截至此层的整个网络</translation>
    </message>
    <message>
        <source>This layer alone</source>
        <translation>仅此层</translation>
    </message>
    <message>
        <source>Weight alone</source>
        <translation>仅权重</translation>
    </message>
    <message>
        <source>Quantization error by layer: %1</source>
        <translation>逐层量化误差：%1</translation>
    </message>
    <message>
        <source>alone %1</source>
        <translation>单独 %1</translation>
    </message>
    <message>
        <source>network %1</source>
        <translation>全网 %1</translation>
    </message>
    <message>
        <source>Images measured: %1.</source>
        <translation>测量图像数：%1。</translation>
    </message>
    <message>
        <source>Worst layer alone: %1 (%2: %3).</source>
        <translation>单独误差最大的层：%1（%2：%3）。</translation>
    </message>
    <message>
        <source>Values without any error, not drawn: %1.</source>
        <translation>无误差而未绘制的数值：%1。</translation>
    </message>
    <message>
        <source>Network before this quantizer</source>
        <translation>此量化器之前的网络</translation>
    </message>
    <message>
        <source>By clipping</source>
        <translation>由截断引起</translation>
    </message>
    <message>
        <source>By rounding</source>
        <translation>由舍入引起</translation>
    </message>
    <message>
        <source>before %1</source>
        <translation>之前 %1</translation>
    </message>
    <message>
        <source>clipped %1 of the values, %2 of the error</source>
        <translation>截断 %1 的数值，占误差的 %2</translation>
    </message>
    <message>
        <source>worst channel %1: %2</source>
        <translation>最差通道 %1：%2</translation>
    </message>
    <message>
        <source>worst image %1: %2 of the error</source>
        <translation>误差最大的图像 %1：占误差的 %2</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>Share [%]</source>
        <translation>占比 [%]</translation>
    </message>
</context>
<context>
    <name>quantoscope::FindingTexts</name>
    <message>
        <source>In order</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Problems: %1, warnings: %2, notes: %3</source>
        <translation>问题：%1，警告：%2，提示：%3</translation>
    </message>
</context>
<context>
    <name>quantoscope::FlipsModel</name>
    <message>
        <source>lost</source>
        <translation>变错</translation>
    </message>
    <message>
        <source>gained</source>
        <translation>变对</translation>
    </message>
    <message>
        <source>wrong in another way</source>
        <translation>仍错但不同</translation>
    </message>
    <message>
        <source>class unknown</source>
        <translation>类别未知</translation>
    </message>
    <message>
        <source>%1
Cannot be shown: %2</source>
        <translation>%1
无法显示：%2</translation>
    </message>
    <message>
        <source>The run keeps no logits.</source>
        <translation>该运行未保存 logits。</translation>
    </message>
    <message>
        <source>Lead of the true class over the best other one: %1 before, %2 after (difference of logits)</source>
        <translation>真实类别领先其他最佳类别的幅度：之前 %1，之后 %2（logits 之差）</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Best class before, with its softmax probability</source>
        <translation>之前的首选类别及其 softmax 概率</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Best class after, with its softmax probability</source>
        <translation>之后的首选类别及其 softmax 概率</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Change of the true class&apos;s lead over the best other class (logits); sorted by size</source>
        <translation>真实类别相对其他最佳类别领先幅度的变化（logits）；按大小排序</translation>
    </message>
    <message>
        <source>Δ margin</source>
        <translation>Δ 边距</translation>
    </message>
</context>
<context>
    <name>quantoscope::FlipsPanel</name>
    <message>
        <source>Images whose prediction changed</source>
        <translation>预测发生变化的图像</translation>
    </message>
    <message>
        <source>What counts as right</source>
        <translation>何为正确</translation>
    </message>
    <message>
        <source>Right: the class is the best one, or among the best five</source>
        <translation>正确：类别为首选，或在前五之内</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation>Top-5</translation>
    </message>
    <message>
        <source>Kind of change</source>
        <translation>变化种类</translation>
    </message>
    <message>
        <source>All changes</source>
        <translation>全部变化</translation>
    </message>
    <message>
        <source>Filter images by class or file</source>
        <translation>按类别或文件筛选图像</translation>
    </message>
    <message>
        <source>Class or file</source>
        <translation>类别或文件</translation>
    </message>
    <message>
        <source>Show the images of all classes again</source>
        <translation>重新显示所有类别的图像</translation>
    </message>
    <message>
        <source>Selected image</source>
        <translation>所选图像</translation>
    </message>
    <message>
        <source>Best classes before and after</source>
        <translation>前后的最佳类别</translation>
    </message>
    <message>
        <source>Baseline or shown run was not evaluated: choose another run in the table of evaluations.</source>
        <translation>基线或当前运行未经评估：请在评估结果表中选择其他运行。</translation>
    </message>
    <message>
        <source>Evaluate a run with “Evaluate in float”, or pin another run as baseline (context menu of the table of evaluations), to see the images whose prediction changed.</source>
        <translation>勾选“评估浮点模型”后运行，或将另一次运行固定为基线（评估结果表的右键菜单），即可查看预测发生变化的图像。</translation>
    </message>
    <message>
        <source>%1 float</source>
        <translation>%1 浮点</translation>
    </message>
    <message>
        <source>%1 quantized</source>
        <translation>%1 量化</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>: %1 points [%2, %3]</source>
        <comment>difference of accuracy with its 95 % interval</comment>
        <translation>：%1 个百分点 [%2, %3]</translation>
    </message>
    <message>
        <source>, McNemar p = %1</source>
        <translation>，McNemar p = %1</translation>
    </message>
    <message>
        <source> · of %1 images %2 lost, %3 gained, %4 wrong in another way</source>
        <translation> · %1 张图像中 %2 张变错，%3 张变对，%4 张仍错但不同</translation>
    </message>
    <message>
        <source>, %1 of unknown class changed</source>
        <translation>，%1 张类别未知的图像有变化</translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>显示 %1 / %2</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>%1 classes</source>
        <translation>%1 个类别</translation>
    </message>
</context>
<context>
    <name>quantoscope::GetModelDialog</name>
    <message>
        <source>Get a model</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>Filter models</source>
        <translation>筛选模型</translation>
    </message>
    <message>
        <source>Filter: deit, swin base, 384…</source>
        <translation>筛选：deit、swin base、384…</translation>
    </message>
    <message>
        <source>About the chosen model</source>
        <translation>关于所选模型</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>下载进度</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>本地</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Published models</source>
        <translation>已发布的模型</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Optional: https address of a folder that holds the files</source>
        <translation>可选：存放这些文件的文件夹的 https 地址</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Mirror</source>
        <translation>镜像(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>下载(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>关闭(&amp;L)</translation>
    </message>
    <message>
        <source>no direct address</source>
        <translation>无直接地址</translation>
    </message>
    <message>
        <source>part, %1</source>
        <translation>部分，%1</translation>
    </message>
    <message>
        <source>There is no direct public address.</source>
        <translation>没有可直接下载的公开地址。</translation>
    </message>
    <message>
        <source>No SHA-256 is published; the computed one is shown.</source>
        <translation>未公布 SHA-256；将显示计算得到的值。</translation>
    </message>
    <message>
        <source>The published beginning of the SHA-256 is checked.</source>
        <translation>将核对已公布的 SHA-256 开头部分。</translation>
    </message>
    <message>
        <source>The published SHA-256 is checked.</source>
        <translation>将核对已公布的 SHA-256。</translation>
    </message>
    <message>
        <source>Accuracy from: %1.</source>
        <translation>准确率出处：%1。</translation>
    </message>
    <message>
        <source>No model has these words in its name.</source>
        <translation>没有名称包含这些词的模型。</translation>
    </message>
    <message>
        <source>Choose a model in the table first.</source>
        <translation>请先在表中选择一个模型。</translation>
    </message>
    <message>
        <source>The file is there already.</source>
        <translation>该文件已存在。</translation>
    </message>
    <message>
        <source>Name the folder to save the file in.</source>
        <translation>请指定保存文件的文件夹。</translation>
    </message>
    <message>
        <source>There is no public address of this file: name a mirror, or get it with a browser.</source>
        <translation>该文件没有公开地址：请指定镜像，或用浏览器获取。</translation>
    </message>
    <message>
        <source>A download is in progress.</source>
        <translation>正在下载。</translation>
    </message>
    <message>
        <source>What was received is kept and continued later.</source>
        <translation>已接收的部分会保留，以后可继续。</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>没有正在运行的任务。</translation>
    </message>
    <message>
        <source>The file is not there yet.</source>
        <translation>该文件尚不存在。</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Folder to save models in</source>
        <translation>保存模型的文件夹</translation>
    </message>
    <message>
        <source>Verifying…</source>
        <translation>正在校验…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source> · %1 per second</source>
        <translation> · 每秒 %1</translation>
    </message>
    <message>
        <source> · %1 left</source>
        <translation> · 剩余 %1</translation>
    </message>
    <message>
        <source>Trying again in %1: %2</source>
        <translation>%1 后重试：%2</translation>
    </message>
    <message>
        <source>%1: the SHA-256 is as published.</source>
        <translation>%1：SHA-256 与公布的一致。</translation>
    </message>
    <message>
        <source>%1: no SHA-256 is published; this file&apos;s is %2.</source>
        <translation>%1：未公布 SHA-256；此文件的值为 %2。</translation>
    </message>
    <message>
        <source>Stopped; what was received is kept and continued later.</source>
        <translation>已停止；已接收的部分会保留，以后可继续。</translation>
    </message>
    <message>
        <source>The file was not saved.</source>
        <translation>文件未保存。</translation>
    </message>
    <message>
        <source>Con&amp;tinue download</source>
        <translation>继续下载(&amp;T)</translation>
    </message>
</context>
<context>
    <name>quantoscope::GuideStrip</name>
    <message>
        <source>Show &amp;me</source>
        <translation>带我去(&amp;M)</translation>
    </message>
    <message>
        <source>Brings to the front what this step is about</source>
        <translation>把这一步涉及的内容显示到前面</translation>
    </message>
    <message>
        <source>&amp;Dismiss</source>
        <translation>不再显示(&amp;D)</translation>
    </message>
    <message>
        <source>Not shown again by itself; the Help menu has it</source>
        <translation>不会再自动显示；可从“帮助”菜单打开</translation>
    </message>
    <message>
        <source>This is a small demo model, calibrated for you. See in Ranges how far the channels of each layer lie apart: wide spreads are what one scale per layer cannot hold.</source>
        <translation>这是一个已校准好的小型演示模型。请在“范围”中查看每层各通道的差距：差距大时，每层一个缩放因子就不够用了。</translation>
    </message>
    <message>
        <source>Select the layer that loses most: the lowest SQNR in the model tree. All plots follow the selection.</source>
        <translation>选择损失最大的层：模型树中 SQNR 最低的一层。所有图都会跟随所选的层。</translation>
    </message>
    <message>
        <source>Switch that layer to float: press F in the model tree, or Float below it.</source>
        <translation>把该层切换为浮点：在模型树中按 F，或点击下方的“浮点”。</translation>
    </message>
    <message>
        <source>Run again (F5). Calibration is kept, so this takes only an evaluation.</source>
        <translation>再次运行 (F5)。校准结果会保留，因此只需要一次评估。</translation>
    </message>
    <message>
        <source>Compare in Evaluations: &quot;Δ above&quot; is the change against the row above on the same images, p says whether it is more than chance.</source>
        <translation>在“评估结果”中比较：“Δ 上一行”是同样图像上相对上一行的变化，p 说明这是否超出偶然。</translation>
    </message>
    <message>
        <source>Now your own model: Ctrl+O opens a checkpoint, or get a published one.</source>
        <translation>现在打开您自己的模型：Ctrl+O 打开检查点，或获取已发布的检查点。</translation>
    </message>
    <message>
        <source>Step %1, done</source>
        <translation>第 %1 步，已完成</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>That was the guided path. The Help menu has it again, and all shortcuts.</source>
        <translation>引导到此结束。“帮助”菜单中可再次打开，也列有全部快捷键。</translation>
    </message>
    <message>
        <source>Every step is done.</source>
        <translation>所有步骤都已完成。</translation>
    </message>
</context>
<context>
    <name>quantoscope::JobTableModel</name>
    <message>
        <source>Open model %1</source>
        <translation>打开模型 %1</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>Write %1</source>
        <translation>写入 %1</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Estimate the cost</source>
        <translation>估算开销</translation>
    </message>
    <message>
        <source>Measure sensitivity and attention</source>
        <translation>测量灵敏度和注意力</translation>
    </message>
    <message>
        <source>Search precision</source>
        <translation>搜索精度</translation>
    </message>
    <message>
        <source>Evaluate in float</source>
        <translation>浮点评估</translation>
    </message>
    <message>
        <source>Evaluate %1</source>
        <translation>评估 %1</translation>
    </message>
    <message>
        <source>Calibrate %1</source>
        <translation>校准 %1</translation>
    </message>
    <message>
        <source>%1, plan of %2 rules</source>
        <translation>%1，计划含 %2 条规则</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>pausing…</source>
        <translation>正在暂停…</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>%1: %2 of %3</source>
        <translation>%1：%2 / %3</translation>
    </message>
    <message>
        <source>Not repeated: %1</source>
        <translation>未重复：%1</translation>
    </message>
    <message>
        <source>Started anew: %1</source>
        <translation>重新开始：%1</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Result table %1</source>
        <translation>结果表 %1</translation>
    </message>
    <message>
        <source>%1, calibrated on %2 images, seed %3</source>
        <translation>%1，用 %2 张图像校准，种子 %3</translation>
    </message>
</context>
<context>
    <name>quantoscope::JobsPanel</name>
    <message>
        <source>Queue of jobs</source>
        <translation>作业队列</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>提前</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>推后</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Clear ended</source>
        <translation>清除已结束</translation>
    </message>
    <message>
        <source>Select a job first.</source>
        <translation>请先选择一个作业。</translation>
    </message>
    <message>
        <source>Only waiting and paused jobs can be moved.</source>
        <translation>只能移动等待中和已暂停的作业。</translation>
    </message>
    <message>
        <source>It is the first of those that wait.</source>
        <translation>它是等待作业中的第一个。</translation>
    </message>
    <message>
        <source>Before the job above (Alt and Up)</source>
        <translation>移到上一个作业之前（Alt 和向上键）</translation>
    </message>
    <message>
        <source>It is the last of those that wait.</source>
        <translation>它是等待作业中的最后一个。</translation>
    </message>
    <message>
        <source>Behind the job below (Alt and Down)</source>
        <translation>移到下一个作业之后（Alt 和向下键）</translation>
    </message>
    <message>
        <source>Stops behind the current batch; others may run meanwhile</source>
        <translation>在当前批次之后停下；其他作业可以同时运行</translation>
    </message>
    <message>
        <source>Goes on behind the last finished batch; an interrupted calibration starts anew</source>
        <translation>从最后完成的批次之后继续；被中断的校准重新开始</translation>
    </message>
    <message>
        <source>This job has ended.</source>
        <translation>此作业已结束。</translation>
    </message>
    <message>
        <source>Stops behind the current batch (Delete)</source>
        <translation>在当前批次之后停止（Delete 键）</translation>
    </message>
    <message>
        <source>No job has ended.</source>
        <translation>没有已结束的作业。</translation>
    </message>
    <message>
        <source>Takes the jobs that ended off the list</source>
        <translation>从列表中移除已结束的作业</translation>
    </message>
    <message>
        <source>Only jobs that wait or work can be paused.</source>
        <translation>只有等待中或运行中的任务可以暂停。</translation>
    </message>
    <message>
        <source>A job of this kind runs to its end.</source>
        <translation>此类任务会一直运行到结束。</translation>
    </message>
    <message>
        <source>Only paused, cancelled or failed jobs can be resumed.</source>
        <translation>只有已暂停、已取消或失败的任务可以继续。</translation>
    </message>
</context>
<context>
    <name>quantoscope::LargeDataGuard</name>
    <message>
        <source>The model %1 is large: %2. Open it?</source>
        <translation>模型 %1 很大：%2。要打开吗？</translation>
    </message>
    <message>
        <source>The run file %1 is large: %2. Open it?</source>
        <translation>运行文件 %1 很大：%2。要打开吗？</translation>
    </message>
    <message>
        <source>The project %1 is large: %2. Open it?</source>
        <translation>项目 %1 很大：%2。要打开吗？</translation>
    </message>
    <message>
        <source>Quantoscope</source>
        <translation>Quantoscope</translation>
    </message>
    <message>
        <source>Opening it takes about %1, working with it about %2 of memory.</source>
        <translation>打开约需 %1，使用时约占 %2 内存。</translation>
    </message>
    <message>
        <source>Opening it takes about %1 and %2 of memory.</source>
        <translation>打开约需 %1，约占 %2 内存。</translation>
    </message>
    <message>
        <source>%1 are free now.</source>
        <translation>现在可用 %1。</translation>
    </message>
    <message>
        <source>That is not enough: the computer may become very slow, or end the program.</source>
        <translation>内存不够：计算机可能变得很慢，或者结束本程序。</translation>
    </message>
    <message>
        <source>&amp;Open</source>
        <translation>打开(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Do not ask again</source>
        <translation>不再询问(&amp;D)</translation>
    </message>
    <message>
        <source>Can be undone in the settings</source>
        <translation>可以在设置中恢复</translation>
    </message>
</context>
<context>
    <name>quantoscope::LayerAxis</name>
    <message>
        <source>in</source>
        <comment>layers before the blocks</comment>
        <translation>入</translation>
    </message>
    <message>
        <source>out</source>
        <comment>layers after the blocks</comment>
        <translation>出</translation>
    </message>
    <message>
        <source>Layer in network order (B: transformer block)</source>
        <translation>按网络顺序排列的层（B：Transformer 块）</translation>
    </message>
</context>
<context>
    <name>quantoscope::LevelsControls</name>
    <message>
        <source>Quantizer to adjust</source>
        <translation>要调整的量化器</translation>
    </message>
    <message>
        <source>Which of the drawn quantizers the controls change</source>
        <translation>这些控件调整所绘的哪一个量化器</translation>
    </message>
    <message>
        <source>Bits of this quantizer</source>
        <translation>此量化器的位宽</translation>
    </message>
    <message>
        <source> bit</source>
        <translation> 位</translation>
    </message>
    <message>
        <source>Calibrated</source>
        <translation>校准值</translation>
    </message>
    <message>
        <source>As calibration left this layer</source>
        <translation>采用校准得到的参数</translation>
    </message>
    <message>
        <source>Observed range</source>
        <translation>观测范围</translation>
    </message>
    <message>
        <source>Hold every value that was seen</source>
        <translation>覆盖所有出现过的数值</translation>
    </message>
    <message>
        <source>Least error</source>
        <translation>误差最小</translation>
    </message>
    <message>
        <source>Of 100 shrunk ranges the one of least squared error</source>
        <translation>在 100 个收缩范围中取平方误差最小者</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>Second scale</source>
        <translation>第二缩放因子</translation>
    </message>
    <message>
        <source>Scale of the small or negative values</source>
        <translation>小值或负值的缩放因子</translation>
    </message>
    <message>
        <source>Zero point</source>
        <translation>零点</translation>
    </message>
    <message>
        <source>Largest level</source>
        <translation>最大量化级</translation>
    </message>
    <message>
        <source>Calibration gave this layer no quantizer of this kind</source>
        <translation>校准没有为该层设置这种量化器</translation>
    </message>
</context>
<context>
    <name>quantoscope::LevelsPlot</name>
    <message>
        <source>%1: attention weights against quantizer levels</source>
        <translation>%1：注意力权重与量化级</translation>
    </message>
    <message>
        <source>%1: values against quantizer levels</source>
        <translation>%1：数值与量化级</translation>
    </message>
    <message>
        <source>Magnitudes; negative values dashed.</source>
        <translation>按绝对值绘制；负值为虚线。</translation>
    </message>
    <message>
        <source>PTF is estimated from the channels&apos; ranges and the histogram of the whole tap, within about 0.75 dB.</source>
        <translation>PTF 由各通道范围与整个测点的直方图估计，误差约 0.75 dB。</translation>
    </message>
    <message>
        <source>Values [%]</source>
        <translation>数值占比 [%]</translation>
    </message>
    <message>
        <source>Attention weight</source>
        <translation>注意力权重</translation>
    </message>
    <message>
        <source>Magnitude of the value</source>
        <translation>数值的绝对值</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Mass [%]</source>
        <translation>总量占比 [%]</translation>
    </message>
    <message>
        <source>Share [%]</source>
        <translation>占比 [%]</translation>
    </message>
    <message>
        <source>magnitudes up to %1, zero included: %2</source>
        <translation>绝对值不超过 %1（含零）：%2</translation>
    </message>
    <message>
        <source>%1 to %2: %3 of the values</source>
        <translation>%1 至 %2：占数值的 %3</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>量化级</translation>
    </message>
    <message>
        <source>uniform</source>
        <translation>均匀</translation>
    </message>
    <message>
        <source>log2</source>
        <translation>log2</translation>
    </message>
    <message>
        <source>log-int-softmax</source>
        <translation>log-int-softmax</translation>
    </message>
    <message>
        <source>twin uniform</source>
        <translation>双区间均匀</translation>
    </message>
    <message>
        <source>PTF</source>
        <translation>PTF</translation>
    </message>
    <message>
        <source>Run a calibration to see how values are distributed over the quantizer&apos;s levels.</source>
        <translation>运行一次校准即可查看数值在各量化级上的分布。</translation>
    </message>
    <message>
        <source>Select a layer, for instance an attention softmax, to see its values against the quantizer&apos;s levels.</source>
        <translation>选择一层（例如注意力 softmax），即可对照量化级查看其数值。</translation>
    </message>
    <message>
        <source>No histogram of %1 was recorded in this run.</source>
        <translation>本次运行未记录 %1 的直方图。</translation>
    </message>
    <message>
        <source>as calibrated</source>
        <translation>按校准结果</translation>
    </message>
    <message>
        <source>observed range</source>
        <translation>按观测范围</translation>
    </message>
    <message>
        <source>as chosen</source>
        <translation>按所选</translation>
    </message>
    <message>
        <source>least error</source>
        <translation>误差最小</translation>
    </message>
    <message>
        <source>%1 %2 bit: SQNR %3 dB, MSE %4, %5/%6 levels used</source>
        <translation>%1 %2 位：SQNR %3 dB，MSE %4，使用量化级 %5/%6</translation>
    </message>
    <message>
        <source>, clipped %1 (%2 of the error)</source>
        <translation>，截断 %1（占误差的 %2）</translation>
    </message>
    <message>
        <source>, %1 of mass to 0</source>
        <translation>，总量的 %1 归零</translation>
    </message>
    <message>
        <source>percentile %1 of the magnitudes</source>
        <translation>绝对值的第 %1 百分位</translation>
    </message>
    <message>
        <source>percentile %1</source>
        <translation>第 %1 百分位</translation>
    </message>
    <message>
        <source>%1 level %2 (%5 of %6): %3 of the values, %4 of the mass</source>
        <translation>%1 级 %2（第 %5 级，共 %6 级）：%3 的值，%4 的质量</translation>
    </message>
</context>
<context>
    <name>quantoscope::MainWindow</name>
    <message>
        <source>Quantoscope</source>
        <translation>Quantoscope</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation>评估结果</translation>
    </message>
    <message>
        <source>Simulated quantization: accuracy, not speed</source>
        <translation>模拟量化：衡量精度，而非速度</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Open model…</source>
        <translation>打开模型(&amp;O)…</translation>
    </message>
    <message>
        <source>Open r&amp;un…</source>
        <translation>打开运行(&amp;U)…</translation>
    </message>
    <message>
        <source>&amp;Recent files</source>
        <translation>最近的文件(&amp;R)</translation>
    </message>
    <message>
        <source>Export &amp;plot…</source>
        <translation>导出图(&amp;P)…</translation>
    </message>
    <message>
        <source>Export a&amp;ll plots…</source>
        <translation>导出所有图(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Filter layers</source>
        <translation>筛选层(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>重置布局(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>快捷键(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;About Quantoscope</source>
        <translation>关于 Quantoscope(&amp;A)</translation>
    </message>
    <message>
        <source>Wrote %1</source>
        <translation>已写入 %1</translation>
    </message>
    <message>
        <source>%1 · %2 parameters · depth %3, width %4, heads %5</source>
        <translation>%1 · %2 个参数 · 深度 %3，宽度 %4，注意力头 %5</translation>
    </message>
    <message>
        <source>Export all plots as PNG and SVG into</source>
        <translation>将所有图以 PNG 和 SVG 导出到</translation>
    </message>
    <message>
        <source>Wrote %1 files to %2</source>
        <translation>已将 %1 个文件写入 %2</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Checkpoints (*.safetensors *.pth *.pt *.bin *.npz *.json);;All files (*)</source>
        <translation>权重文件 (*.safetensors *.pth *.pt *.bin *.npz *.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Open run</source>
        <translation>打开运行</translation>
    </message>
    <message>
        <source>Run files (*.h5 *.hdf5);;All files (*)</source>
        <translation>运行文件 (*.h5 *.hdf5);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Export report</source>
        <translation>导出报告</translation>
    </message>
    <message>
        <source>There is no run yet: run an evaluation or open a run file.</source>
        <translation>尚无运行：请运行一次评估或打开运行文件。</translation>
    </message>
    <message>
        <source>The plot with the focus as PNG, SVG, PDF or CSV</source>
        <translation>将当前焦点所在的图导出为 PNG、SVG、PDF 或 CSV</translation>
    </message>
    <message>
        <source>Every plot as PNG and SVG into a folder</source>
        <translation>将每幅图以 PNG 和 SVG 导出到文件夹</translation>
    </message>
    <message>
        <source>The plot as image and its data as a table, or the selected rows</source>
        <translation>复制图像及其数据表，或复制选中的行</translation>
    </message>
    <message>
        <source>Calibrates, evaluates and measures as chosen in the form</source>
        <translation>按表单所选进行校准、评估和测量</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>没有正在进行的运行。</translation>
    </message>
    <message>
        <source>Stops within one batch; the finished part stays</source>
        <translation>在一个批次内停止；已完成的部分保留</translation>
    </message>
    <message>
        <source>A run is in progress.</source>
        <translation>正在运行。</translation>
    </message>
    <message>
        <source>A checkpoint file (safetensors, .pth, .npz), or config.json for its folder</source>
        <translation>权重文件（safetensors、.pth、.npz），或以 config.json 表示其文件夹</translation>
    </message>
    <message>
        <source>A run file (*.h5) that was exported earlier</source>
        <translation>先前导出的运行文件（*.h5）</translation>
    </message>
    <message>
        <source>F, 8, 6, 4, R</source>
        <translation>F、8、6、4、R</translation>
    </message>
    <message>
        <source>Model tree: bits of the selected layers (R: recipe)</source>
        <translation>模型树：所选层的位宽（R：量化方案）</translation>
    </message>
    <message>
        <source>Wheel, + and −</source>
        <translation>滚轮、+ 和 −</translation>
    </message>
    <message>
        <source>Plot: zoom</source>
        <translation>图：缩放</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>拖动</translation>
    </message>
    <message>
        <source>Plot: move</source>
        <translation>图：平移</translation>
    </message>
    <message>
        <source>Double click, Home</source>
        <translation>双击、Home</translation>
    </message>
    <message>
        <source>Plot: show everything</source>
        <translation>图：显示全部</translation>
    </message>
    <message>
        <source>Left, Right</source>
        <translation>左、右方向键</translation>
    </message>
    <message>
        <source>Plot: previous or next layer</source>
        <translation>图：上一层或下一层</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>About Quantoscope</source>
        <translation>关于 Quantoscope</translation>
    </message>
    <message>
        <source>Quantoscope %1</source>
        <translation>Quantoscope %1</translation>
    </message>
    <message>
        <source>A workbench for post-training quantization of vision transformers.

Simulated quantization: the figures say what the accuracy would be, not how fast an integer device is.

Free software under the GNU General Public License, version 3 or later.</source>
        <translation>视觉 Transformer 训练后量化工作台。

模拟量化：这些数字表示精度会是多少，而不是整数设备有多快。

自由软件，遵循 GNU 通用公共许可证第 3 版或更高版本。</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>C&amp;heck</source>
        <translation>检查(&amp;H)</translation>
    </message>
    <message>
        <source>Do model, images, labels and preprocessing belong together?</source>
        <translation>模型、图像、标签与预处理是否相符？</translation>
    </message>
    <message>
        <source>&amp;Get a model…</source>
        <translation>获取模型(&amp;G)…</translation>
    </message>
    <message>
        <source>Download the published checkpoint of a known model</source>
        <translation>下载已知模型的已发布检查点</translation>
    </message>
    <message>
        <source>Shift and drag</source>
        <translation>Shift 加拖动</translation>
    </message>
    <message>
        <source>Plot: zoom into a box</source>
        <translation>图：放大所框区域</translation>
    </message>
    <message>
        <source>Ctrl with + and −</source>
        <translation>Ctrl 加 + 和 −</translation>
    </message>
    <message>
        <source>Plot: zoom the vertical axis</source>
        <translation>图：缩放纵轴</translation>
    </message>
    <message>
        <source>Shift and arrow keys</source>
        <translation>Shift 加方向键</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>Plot: logarithmic or linear axis</source>
        <translation>图：对数或线性坐标轴</translation>
    </message>
    <message>
        <source>Click on the legend</source>
        <translation>点击图例</translation>
    </message>
    <message>
        <source>Plot: show or hide a series</source>
        <translation>图：显示或隐藏数据系列</translation>
    </message>
    <message>
        <source>&amp;Export report…</source>
        <translation>导出报告(&amp;E)…</translation>
    </message>
    <message>
        <source>Run files (*.h5);;Web page with plots (*.html);;PDF (*.pdf);;Table of taps (*.csv)</source>
        <translation>运行文件 (*.h5);;含图表的网页 (*.html);;PDF (*.pdf);;观测点表 (*.csv)</translation>
    </message>
    <message>
        <source>Everything about the run that is shown: HDF5, web page, PDF or table</source>
        <translation>所示运行的全部内容：HDF5、网页、PDF 或表格</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>设置(&amp;S)…</translation>
    </message>
    <message>
        <source>Open searc&amp;h…</source>
        <translation>打开搜索结果(&amp;H)…</translation>
    </message>
    <message>
        <source>Export sear&amp;ch…</source>
        <translation>导出搜索结果(&amp;C)…</translation>
    </message>
    <message>
        <source>Search &amp;precision…</source>
        <translation>搜索精度(&amp;P)…</translation>
    </message>
    <message>
        <source>plan %1</source>
        <translation>精度计划 %1</translation>
    </message>
    <message>
        <source>Plan %1: %2 layers differ from the recipe. Run (F5) evaluates it.</source>
        <translation>精度计划 %1：%2 层与量化方案不同。运行 (F5) 可评估它。</translation>
    </message>
    <message>
        <source>Which layers need how many bits under a budget of bits, bytes or bit operations</source>
        <translation>在位宽、字节或位运算预算下，各层需要多少位</translation>
    </message>
    <message>
        <source>Nothing was searched yet.</source>
        <translation>尚未进行搜索。</translation>
    </message>
    <message>
        <source>Sensitivity, front and plans as one JSON file</source>
        <translation>敏感度、前沿和精度计划，存为一个 JSON 文件</translation>
    </message>
    <message>
        <source>The search.json of an earlier precision search</source>
        <translation>先前精度搜索的 search.json</translation>
    </message>
    <message>
        <source>Open search</source>
        <translation>打开搜索结果</translation>
    </message>
    <message>
        <source>Precision searches (*.json);;All files (*)</source>
        <translation>精度搜索 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Export search</source>
        <translation>导出搜索结果</translation>
    </message>
    <message>
        <source>Precision searches (*.json)</source>
        <translation>精度搜索 (*.json)</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>作业</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>plan of %1</source>
        <translation>%1 的计划</translation>
    </message>
    <message>
        <source>&amp;Plan</source>
        <translation>计划(&amp;P)</translation>
    </message>
    <message>
        <source>%1[*] – Quantoscope</source>
        <translation>%1[*] – Quantoscope</translation>
    </message>
    <message>
        <source>the weights %1 have the hash %2 instead of %3; left out with them:</source>
        <translation>权重 %1 的哈希是 %2 而不是 %3；随之略去：</translation>
    </message>
    <message>
        <source>the plan</source>
        <translation>当前计划</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>the finished part of a job, which starts anew</source>
        <translation>某个作业已完成的部分，该作业将重新开始</translation>
    </message>
    <message>
        <source>Result table</source>
        <translation>结果表</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Panels</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Nothing of the plan was changed yet.</source>
        <translation>计划尚未有任何更改。</translation>
    </message>
    <message>
        <source>Nothing was undone.</source>
        <translation>没有已撤销的操作。</translation>
    </message>
    <message>
        <source>&amp;Guided path</source>
        <translation>引导(&amp;G)</translation>
    </message>
    <message>
        <source>Six steps from the ranges of a model to a better plan</source>
        <translation>从模型的范围到更好的计划，共六步</translation>
    </message>
    <message>
        <source>No file was opened yet.</source>
        <translation>尚未打开过文件。</translation>
    </message>
    <message>
        <source>Previous &amp;layer</source>
        <translation>上一个所选层(&amp;L)</translation>
    </message>
    <message>
        <source>Next l&amp;ayer</source>
        <translation>下一个所选层(&amp;A)</translation>
    </message>
    <message>
        <source>Next &amp;panel</source>
        <translation>下一个面板(&amp;P)</translation>
    </message>
    <message>
        <source>Pre&amp;vious panel</source>
        <translation>上一个面板(&amp;V)</translation>
    </message>
    <message>
        <source>No other layer was selected.</source>
        <translation>没有选择过其他层。</translation>
    </message>
    <message>
        <source>The layer that was selected before</source>
        <translation>之前选择的层</translation>
    </message>
    <message>
        <source>Back to where Previous layer came from</source>
        <translation>回到“上一个所选层”之前的位置</translation>
    </message>
    <message>
        <source>Guided path</source>
        <translation>引导</translation>
    </message>
    <message>
        <source>&amp;Enlarge plot</source>
        <translation>放大图表(&amp;E)</translation>
    </message>
    <message>
        <source>The plot with the focus takes the room of all plots; once more puts them back</source>
        <translation>带焦点的图表占据所有图表的位置；再次执行则恢复</translation>
    </message>
    <message numerus="yes">
        <source>Wrote %1; it cannot say everything of %n layers, and lists them</source>
        <translation>
            <numerusform>已写入 %1；其中 %n 层无法完整表达，文件中已列出</numerusform>
        </translation>
    </message>
    <message>
        <source>Ctrl and drag</source>
        <translation>按住 Ctrl 拖动</translation>
    </message>
    <message>
        <source>Plot: select the layers in a box, to change their bits together</source>
        <translation>图：框选多个层，一起更改位宽</translation>
    </message>
    <message>
        <source>Save as &amp;batch job…</source>
        <translation>保存为批处理任务(&amp;B)…</translation>
    </message>
    <message>
        <source>What Run would do, as a file for quantoscope-cli batch, here or on another machine</source>
        <translation>将“运行”所做的内容存为文件，供 quantoscope-cli batch 在本机或其他机器上使用</translation>
    </message>
    <message>
        <source>Save as batch job</source>
        <translation>保存为批处理任务</translation>
    </message>
    <message>
        <source>Batch jobs (*.json)</source>
        <translation>批处理任务 (*.json)</translation>
    </message>
    <message>
        <source>the precision search</source>
        <translation>精度搜索</translation>
    </message>
    <message>
        <source>Link &amp;horizontal axes</source>
        <translation>联动横轴(&amp;H)</translation>
    </message>
    <message>
        <source>Plots show the same layers, the same channels of the selected layer and the same costs: zooming, moving or resetting one does so in the others</source>
        <translation>各图显示相同的层、所选层的相同通道以及相同的成本：缩放、平移或重置其中一个，其余的也随之变化</translation>
    </message>
</context>
<context>
    <name>quantoscope::MeasureActions</name>
    <message>
        <source>Measure &amp;sensitivity…</source>
        <translation>测量敏感度(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Attention map…</source>
        <translation>注意力图(&amp;A)…</translation>
    </message>
    <message>
        <source>What quantizing each part alone costs, and what leaving it in float saves</source>
        <translation>单独量化每个部分的代价，以及将其保留为浮点所挽回的损失</translation>
    </message>
    <message>
        <source>Where the model looks in an image, float against quantized</source>
        <translation>模型在图像中关注哪里：浮点与量化对比</translation>
    </message>
    <message>
        <source>Image for the attention map</source>
        <translation>注意力图所用的图像</translation>
    </message>
    <message>
        <source>Images (*.jpg *.jpeg *.JPEG *.JPG *.png *.bmp *.webp);;All files (*)</source>
        <translation>图像 (*.jpg *.jpeg *.JPEG *.JPG *.png *.bmp *.webp);;所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>quantoscope::ModelPanel</name>
    <message>
        <source>Filter layers</source>
        <translation>筛选层</translation>
    </message>
    <message>
        <source>Filter: fc2, softmax, block 3, float…</source>
        <translation>筛选：fc2、softmax、块 3、浮点…</translation>
    </message>
    <message>
        <source>One list</source>
        <translation>平铺列表</translation>
    </message>
    <message>
        <source>All layers in one list, so that sorting by a column ranks the whole network</source>
        <translation>将所有层放入一个列表，按列排序即可对整个网络排名</translation>
    </message>
    <message>
        <source>Layers of the model</source>
        <translation>模型的层</translation>
    </message>
    <message>
        <source>Bits:</source>
        <translation>位宽：</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Set the selected layers to %1 bits</source>
        <translation>将所选层设为 %1 位</translation>
    </message>
    <message>
        <source>Leave the selected layers in float</source>
        <translation>所选层保持浮点</translation>
    </message>
    <message>
        <source>Set the selected layers to what the recipe says</source>
        <translation>将所选层恢复为量化方案的设置</translation>
    </message>
    <message>
        <source>Open a checkpoint (safetensors, .pth, .npz, HuggingFace folder) with Ctrl+O, or drop one here.</source>
        <translation>按 Ctrl+O 打开权重文件（safetensors、.pth、.npz、HuggingFace 文件夹），或将其拖放到此处。</translation>
    </message>
    <message>
        <source>Applies to the selected layers: %1</source>
        <translation>应用于所选层：%1</translation>
    </message>
    <message>
        <source>Select layers in the tree first.</source>
        <translation>请先在树中选择层。</translation>
    </message>
    <message>
        <source>Get a model…</source>
        <translation>获取模型…</translation>
    </message>
    <message>
        <source>Download the published checkpoint of a known model</source>
        <translation>下载已知模型的已发布检查点</translation>
    </message>
</context>
<context>
    <name>quantoscope::ParetoPlot</name>
    <message>
        <source>Search for mixed precision (Run, Search precision) to see what a budget of bits costs.</source>
        <translation>搜索混合精度（运行 → 搜索精度），查看位宽预算的代价。</translation>
    </message>
    <message>
        <source>Front, predicted</source>
        <translation>前沿，预测</translation>
    </message>
    <message>
        <source>One width everywhere, predicted</source>
        <translation>统一位宽，预测</translation>
    </message>
    <message>
        <source>Front, measured</source>
        <translation>前沿，实测</translation>
    </message>
    <message>
        <source>One width everywhere, measured</source>
        <translation>统一位宽，实测</translation>
    </message>
    <message>
        <source>%1, %2: loss at every budget</source>
        <translation>%1，%2：各预算下的损失</translation>
    </message>
    <message>
        <source>Measured on %1 images, bars: 95 % interval.</source>
        <translation>在 %1 张图像上实测，误差线：95 % 区间。</translation>
    </message>
    <message>
        <source>%1 bit everywhere</source>
        <translation>全部 %1 位</translation>
    </message>
    <message>
        <source>On the front</source>
        <translation>位于前沿</translation>
    </message>
    <message>
        <source>predicted KL %1</source>
        <translation>预测 KL %1</translation>
    </message>
    <message>
        <source>measured KL %1</source>
        <translation>实测 KL %1</translation>
    </message>
    <message>
        <source>top-1 %1 % (%2 to %3)</source>
        <translation>top-1 %1 %（%2 至 %3）</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>KL from float [nat]</source>
        <translation>相对浮点的 KL [nat]</translation>
    </message>
    <message>
        <source>Predicted: sum of the divergences of single operators. Dashed: the budget, which can be dragged.</source>
        <translation>预测：各算子散度之和。虚线：预算，可拖动。</translation>
    </message>
    <message>
        <source>Every point of the front has at most %1 conversions.</source>
        <translation>前沿上的每个点最多有 %1 次转换。</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlanController</name>
    <message>
        <source>plan of %1</source>
        <translation>%1 的计划</translation>
    </message>
    <message>
        <source>&amp;Bits by name or type…</source>
        <translation>按名称或类型设置位宽(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Presets</source>
        <translation>预设(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Discard plan</source>
        <translation>放弃计划(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Open plan…</source>
        <translation>打开计划(&amp;O)…</translation>
    </message>
    <message>
        <source>Rules from a JSON file, in place of the present plan; can be undone</source>
        <translation>用 JSON 文件中的规则替换当前计划；可以撤销</translation>
    </message>
    <message>
        <source>&amp;Save plan…</source>
        <translation>保存计划(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Keep plan…</source>
        <translation>保留计划(&amp;K)…</translation>
    </message>
    <message>
        <source>Puts recipe and plan aside under a name</source>
        <translation>将方案和计划以一个名称保留下来</translation>
    </message>
    <message>
        <source>preset %1</source>
        <translation>预设 %1</translation>
    </message>
    <message>
        <source>Keep plan</source>
        <translation>保留计划</translation>
    </message>
    <message>
        <source>Name of the plan</source>
        <translation>计划名称</translation>
    </message>
    <message>
        <source>Plan %1</source>
        <translation>计划 %1</translation>
    </message>
    <message>
        <source>plan from %1</source>
        <translation>来自 %1 的计划</translation>
    </message>
    <message>
        <source>Open plan</source>
        <translation>打开计划</translation>
    </message>
    <message>
        <source>Plans (*.json);;All files (*)</source>
        <translation>计划 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Save plan</source>
        <translation>保存计划</translation>
    </message>
    <message>
        <source>Plans (*.json)</source>
        <translation>计划 (*.json)</translation>
    </message>
    <message>
        <source>No difference.</source>
        <translation>没有差异。</translation>
    </message>
    <message>
        <source>There is no plan: every layer is as the recipe says.</source>
        <translation>没有计划：每一层都按方案设置。</translation>
    </message>
    <message>
        <source>Choose a kept plan or a run to compare with first.</source>
        <translation>请先选择要比较的已保留计划或运行。</translation>
    </message>
    <message>
        <source>Choose a kept plan to compare with first.</source>
        <translation>请先选择要比较的已保留计划。</translation>
    </message>
    <message>
        <source>Open a checkpoint first (File, Open model).</source>
        <translation>请先打开检查点（文件，打开模型）。</translation>
    </message>
    <message>
        <source>For example &quot;fc2 of blocks 4-7&quot;, or every softmax</source>
        <translation>例如 &quot;fc2 of blocks 4-7&quot;，或所有 softmax</translation>
    </message>
    <message>
        <source>Back to what the recipe says; can be undone</source>
        <translation>恢复为方案的设置；可以撤销</translation>
    </message>
    <message>
        <source>The plan as a JSON file for quantoscope-cli and other models</source>
        <translation>将计划保存为 JSON 文件，供 quantoscope-cli 和其他模型使用</translation>
    </message>
    <message>
        <source>After a run on this model, every change of the plan is predicted here.</source>
        <translation>在此模型上运行一次后，计划的每次更改都会在这里给出预测。</translation>
    </message>
    <message>
        <source>The plan is the one of %1, which is measured.</source>
        <translation>此计划就是 %1 的计划，已经实测。</translation>
    </message>
    <message>
        <source>Predicted from the stored statistics of %1, not measured: noise over signal of all layers %2 → %3.</source>
        <translation>根据 %1 存储的统计量预测，未实测：所有层的噪声信号比 %2 → %3。</translation>
    </message>
    <message>
        <source>%1: %2 dB → %3 dB predicted</source>
        <translation>%1：%2 dB → 预测 %3 dB</translation>
    </message>
    <message>
        <source>Without a prediction: %1 of %2 changed layers. Run to measure.</source>
        <translation>没有预测：%2 个更改的层中有 %1 个。请运行以实测。</translation>
    </message>
    <message>
        <source>For each changed layer alone: its new levels over the calibrated range are laid over the stored histogram; where scales are several, the measured rounding error is scaled with the square of the step. The sum adds up each layer&apos;s own noise over signal and knows nothing of how errors travel through the network, nor of accuracy: run to measure.</source>
        <translation>对每个更改的层单独计算：将校准范围内的新量化级放到存储的直方图上；有多个缩放因子时，实测的舍入误差按步长的平方缩放。总和是各层自身噪声信号比之和，不考虑误差在网络中的传播，也不代表准确率：请运行以实测。</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlanEditor</name>
    <message>
        <source>recipe bits</source>
        <translation>方案位宽</translation>
    </message>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>%1 layers</source>
        <translation>%1 层</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <comment>which layers to which bits</comment>
        <translation>%1 改为 %2</translation>
    </message>
    <message>
        <source>%1 on</source>
        <translation>开启 %1</translation>
    </message>
    <message>
        <source>%1 off</source>
        <translation>关闭 %1</translation>
    </message>
    <message>
        <source>recipe %1</source>
        <translation>方案 %1</translation>
    </message>
    <message>
        <source>interval search</source>
        <translation>区间搜索</translation>
    </message>
    <message>
        <source>bits %1</source>
        <translation>位宽 %1</translation>
    </message>
    <message>
        <source>plan discarded</source>
        <translation>放弃计划</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlanExport</name>
    <message>
        <source>&amp;Export plan…</source>
        <translation>导出计划(&amp;X)…</translation>
    </message>
    <message>
        <source>The plan as AIMET, NNCF, ModelOpt or ONNX Runtime take it; a run&apos;s model as ONNX</source>
        <translation>以 AIMET、NNCF、ModelOpt 或 ONNX Runtime 的格式导出方案；运行的模型则导出为 ONNX</translation>
    </message>
    <message>
        <source>ONNX model with QuantizeLinear and DequantizeLinear</source>
        <translation>带有 QuantizeLinear 和 DequantizeLinear 的 ONNX 模型</translation>
    </message>
    <message>
        <source>Recipe and plan do not fit the model: %1</source>
        <translation>配方和计划与模型不符：%1</translation>
    </message>
    <message>
        <source>Open a checkpoint or a run of a quantized model first.</source>
        <translation>请先打开检查点或量化模型的运行。</translation>
    </message>
    <message>
        <source>Export plan</source>
        <translation>导出计划</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlanPanel</name>
    <message>
        <source>What the plan is compared with</source>
        <translation>与计划比较的对象</translation>
    </message>
    <message>
        <source>What the plan changes</source>
        <translation>计划更改的内容</translation>
    </message>
    <message>
        <source>Compared &amp;with</source>
        <translation>比较对象(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Keep…</source>
        <translation>保留(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;Take over</source>
        <translation>采用(&amp;T)</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>移除(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>放弃(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Copies the difference as text</source>
        <translation>将差异复制为文本</translation>
    </message>
    <message>
        <source>the recipe</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>plan %1</source>
        <translation>计划 %1</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>运行 %1</translation>
    </message>
    <message>
        <source>Puts recipe and plan aside under a name</source>
        <translation>将方案和计划以一个名称保留下来</translation>
    </message>
    <message>
        <source>Back to what the recipe says; can be undone</source>
        <translation>恢复为方案的设置；可以撤销</translation>
    </message>
    <message>
        <source>Recipe and plan of the one that is compared with; can be undone</source>
        <translation>采用比较对象的方案和计划；可以撤销</translation>
    </message>
    <message>
        <source>Forgets the kept plan</source>
        <translation>删除已保留的计划</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlotView</name>
    <message>
        <source>Value under the pointer</source>
        <translation>指针处的数值</translation>
    </message>
    <message>
        <source>Export plot</source>
        <translation>导出图</translation>
    </message>
    <message>
        <source>PNG image (*.png);;SVG drawing (*.svg);;PDF document (*.pdf);;CSV table of the visible data (*.csv)</source>
        <translation>PNG 图像 (*.png);;SVG 矢量图 (*.svg);;PDF 文档 (*.pdf);;可见数据的 CSV 表格 (*.csv)</translation>
    </message>
    <message>
        <source>&amp;Copy image and data</source>
        <translation>复制图像和数据(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Show everything</source>
        <translation>显示全部(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Logarithmic axis</source>
        <translation>对数坐标轴(&amp;L)</translation>
    </message>
</context>
<context>
    <name>quantoscope::PlotsPanel</name>
    <message>
        <source>Layers to compare</source>
        <translation>要比较的层</translation>
    </message>
    <message>
        <source>Error metric</source>
        <translation>误差指标</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Bits of the levels drawn</source>
        <translation>所绘量化级的位宽</translation>
    </message>
    <message>
        <source>Bits of the quantizer levels that are drawn over the values</source>
        <translation>叠加在数值上的量化级的位宽</translation>
    </message>
    <message>
        <source>as set</source>
        <translation>按设置</translation>
    </message>
    <message>
        <source> bit</source>
        <translation> 位</translation>
    </message>
    <message>
        <source>Move this plot into a window of its own, or back</source>
        <translation>将此图移到独立窗口，或移回</translation>
    </message>
    <message>
        <source>Detach %1</source>
        <translation>分离“%1”</translation>
    </message>
    <message>
        <source>What the colours stand for</source>
        <translation>颜色所表示的量</translation>
    </message>
    <message>
        <source>Order of the channels</source>
        <translation>通道的顺序</translation>
    </message>
    <message>
        <source>by index</source>
        <translation>按序号</translation>
    </message>
    <message>
        <source>widest first</source>
        <translation>范围最大者在前</translation>
    </message>
    <message>
        <source>largest magnitude first</source>
        <translation>幅值最大者在前</translation>
    </message>
    <message>
        <source>lowest SQNR first</source>
        <translation>SQNR 最低者在前</translation>
    </message>
    <message>
        <source>Which layers are compared</source>
        <translation>比较哪些层</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Logarithmic axis</source>
        <translation>对数坐标轴</translation>
    </message>
    <message>
        <source>Logarithmic axis (L)</source>
        <translation>对数坐标轴 (L)</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>数据系列</translation>
    </message>
    <message>
        <source>Show or hide parts of the plot; a click on the legend does the same</source>
        <translation>显示或隐藏图中的数据系列；点击图例效果相同</translation>
    </message>
    <message>
        <source>Channels, tokens or heads</source>
        <translation>通道、标记或注意力头</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>图</translation>
    </message>
    <message>
        <source>Give this plot the room of all plots, or put them back (F11)</source>
        <translation>让此图占据所有图表的位置，或恢复原状 (F11)</translation>
    </message>
    <message>
        <source>Enlarge %1</source>
        <translation>放大 %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::PointsPlot</name>
    <message>
        <source>Quantized weights [MB]</source>
        <translation>量化权重 [MB]</translation>
    </message>
    <message>
        <source>Average of weights and activations [bit]</source>
        <translation>权重与激活的平均位宽 [bit]</translation>
    </message>
    <message>
        <source>Bit operations per image [10⁹]</source>
        <translation>每张图像的位运算 [10⁹]</translation>
    </message>
    <message>
        <source>%1 bit on average (weights %2, activations %3)</source>
        <translation>平均 %1 位（权重 %2，激活 %3）</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1·10⁹ bit operations</source>
        <translation>%1·10⁹ 次位运算</translation>
    </message>
    <message>
        <source>%1 conversions</source>
        <translation>%1 次转换</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>已标记</translation>
    </message>
    <message>
        <source>Quantized activations of an image [MB]</source>
        <translation>每幅图像的量化激活 [MB]</translation>
    </message>
    <message>
        <source>%1 MB of activations</source>
        <translation>%1 MB 激活</translation>
    </message>
</context>
<context>
    <name>quantoscope::Preflight</name>
    <message>
        <source>Float accuracy fits the published value</source>
        <translation>浮点准确率与公布值相符</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % ({source}).</source>
        <translation>{images} 张图像上的 top-1 为 {top1} %，95 % 区间为 {low} 至 {high} %；公布值为 {published} %（{source}）。</translation>
    </message>
    <message>
        <source>Float accuracy is above the published value</source>
        <translation>浮点准确率高于公布值</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % ({source}). These images are easier than the full validation set, or were used in training.</source>
        <translation>{images} 张图像上的 top-1 为 {top1} %，95 % 区间为 {low} 至 {high} %；公布值为 {published} %（{source}）。这些图像比完整验证集容易，或曾用于训练。</translation>
    </message>
    <message>
        <source>Compare runs on these images with each other, never with published tables.</source>
        <translation>只在这些图像上的各次运行之间比较，切勿与公布的表格比较。</translation>
    </message>
    <message>
        <source>Float accuracy is below the published value</source>
        <translation>浮点准确率低于公布值</translation>
    </message>
    <message>
        <source>Remove the likely cause that is named, then check again.</source>
        <translation>先消除所指出的可能原因，再重新检查。</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; published {published} % ({source}). None of the causes that were tried explains it.</source>
        <translation>{images} 张图像上的 top-1 为 {top1} %，95 % 区间为 {low} 至 {high} %；公布值为 {published} %（{source}）。已尝试的原因均无法解释。</translation>
    </message>
    <message>
        <source>Compare the checkpoint&apos;s SHA-256 with the published one, and look at images and labels; or these images are harder than the full validation set.</source>
        <translation>将检查点的 SHA-256 与公布值对照，并查看图像和标签；也可能这些图像比完整验证集更难。</translation>
    </message>
    <message>
        <source>Float accuracy is no better than guessing</source>
        <translation>浮点准确率不高于随机猜测</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; guessing gives {chance} %.</source>
        <translation>{images} 张图像上的 top-1 为 {top1} %，95 % 区间为 {low} 至 {high} %；随机猜测为 {chance} %。</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; guessing gives {chance} %. The mean confidence of the predictions is {confidence} %. None of the causes that were tried explains it.</source>
        <translation>{images} 张图像上的 top-1 为 {top1} %，95 % 区间为 {low} 至 {high} %；随机猜测为 {chance} %。预测的平均置信度为 {confidence} %。已尝试的原因均无法解释。</translation>
    </message>
    <message>
        <source>If the confidence is high, the labels do not belong to these images, or the class list is another model&apos;s; if it is low, the weights are untrained or damaged.</source>
        <translation>若置信度高，则标签不属于这些图像，或类别列表属于别的模型；若置信度低，则权重未经训练或已损坏。</translation>
    </message>
    <message>
        <source>Float accuracy measured; no published value to compare with</source>
        <translation>已测得浮点准确率；没有可比较的公布值</translation>
    </message>
    <message>
        <source>Top-1 {top1} % on {images} images, 95 % interval {low} to {high} %; mean confidence {confidence} %.</source>
        <translation>{images} 张图像上的 top-1 为 {top1} %，95 % 区间为 {low} 至 {high} %；平均置信度 {confidence} %。</translation>
    </message>
    <message>
        <source>No image has a label</source>
        <translation>所有图像都没有标签</translation>
    </message>
    <message>
        <source>Accuracy cannot be measured; the mean confidence of the predictions is {confidence} %.</source>
        <translation>无法测量准确率；预测的平均置信度为 {confidence} %。</translation>
    </message>
    <message>
        <source>Give labels: lines of path and label in the list, or folders named by class.</source>
        <translation>请提供标签：列表中每行写路径和标签，或用类别名命名文件夹。</translation>
    </message>
    <message>
        <source>Images that cannot be decoded</source>
        <translation>无法解码的图像</translation>
    </message>
    <message>
        <source>{count} left out; the first is {first}: {reason}</source>
        <translation>略去 {count} 张；第一张是 {first}：{reason}</translation>
    </message>
    <message>
        <source>Replace these files or take them off the list.</source>
        <translation>请替换这些文件，或将其从列表中去掉。</translation>
    </message>
    <message>
        <source>Images without a label</source>
        <translation>没有标签的图像</translation>
    </message>
    <message>
        <source>{count} of {images} images have no label and do not count.</source>
        <translation>{images} 张图像中有 {count} 张没有标签，不计入统计。</translation>
    </message>
    <message>
        <source>The class list has one class more than the model</source>
        <translation>类别列表比模型多一个类别</translation>
    </message>
    <message>
        <source>The list names {listed} classes, the model has {classes}: probably the list begins with a background class.</source>
        <translation>列表有 {listed} 个类别，模型有 {classes} 个：列表可能以背景类开头。</translation>
    </message>
    <message>
        <source>Remove the background class from the list.</source>
        <translation>请从列表中去掉背景类。</translation>
    </message>
    <message>
        <source>Class list and model differ in their number of classes</source>
        <translation>类别列表与模型的类别数不同</translation>
    </message>
    <message>
        <source>The list names {listed} classes, the model has {classes}.</source>
        <translation>列表有 {listed} 个类别，模型有 {classes} 个。</translation>
    </message>
    <message>
        <source>Give the class list that the model was trained with (--classes, or classes.txt beside the splits).</source>
        <translation>请提供模型训练时所用的类别列表（--classes，或与各数据划分同级的 classes.txt）。</translation>
    </message>
    <message>
        <source>Labels lie in the model&apos;s range</source>
        <translation>标签在模型的类别范围内</translation>
    </message>
    <message>
        <source>Labels {lowest} to {highest} of {classes} classes.</source>
        <translation>标签 {lowest} 至 {highest}，共 {classes} 个类别。</translation>
    </message>
    <message>
        <source>Classes without an image</source>
        <translation>没有图像的类别</translation>
    </message>
    <message>
        <source>{count} of {classes} classes have no image here.</source>
        <translation>{classes} 个类别中有 {count} 个在此没有图像。</translation>
    </message>
    <message>
        <source>Nothing to repair, but this accuracy says nothing about those classes.</source>
        <translation>无需修正，但该准确率不反映这些类别。</translation>
    </message>
    <message>
        <source>Classes are in ImageNet&apos;s order</source>
        <translation>类别按 ImageNet 的顺序排列</translation>
    </message>
    <message>
        <source>The {classes} classes are not a rearranged ImageNet list.</source>
        <translation>这 {classes} 个类别不是重新排列的 ImageNet 列表。</translation>
    </message>
    <message>
        <source>The class list is not in ImageNet&apos;s order</source>
        <translation>类别列表不是 ImageNet 的顺序</translation>
    </message>
    <message>
        <source>It names ImageNet&apos;s {classes} classes, but not in the order of sorted wnids that published models use.</source>
        <translation>列表含 ImageNet 的 {classes} 个类别，但不是公布模型所用的按 wnid 排序的顺序。</translation>
    </message>
    <message>
        <source>Sort the class list by wnid, or remove it: wnid folders are known without it.</source>
        <translation>请按 wnid 排序类别列表，或将其删除：没有它也能识别 wnid 文件夹。</translation>
    </message>
    <message>
        <source>Likely cause: the class list is shuffled</source>
        <translation>可能原因：类别列表顺序被打乱</translation>
    </message>
    <message>
        <source>Read in ImageNet&apos;s order, the same classes give {after} % top-1 instead of {before} % on {images} images (McNemar p = {p}).</source>
        <translation>按 ImageNet 顺序读取相同类别时，{images} 张图像上的 top-1 由 {before} % 变为 {after} %（McNemar p = {p}）。</translation>
    </message>
    <message>
        <source>Likely cause: labels contradict the folders&apos; names</source>
        <translation>可能原因：标签与文件夹名矛盾</translation>
    </message>
    <message>
        <source>With the classes of the wnid folders top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}): the class list is shuffled, or the list&apos;s labels are numbered otherwise (for example by ILSVRC2012_ID).</source>
        <translation>采用 wnid 文件夹的类别时，{images} 张图像上的 top-1 由 {before} % 变为 {after} %（McNemar p = {p}）：类别列表被打乱，或列表中的标签采用了其他编号（例如 ILSVRC2012_ID）。</translation>
    </message>
    <message>
        <source>Remove the labels from the list or the class list from the folder: the wnids are enough.</source>
        <translation>请去掉列表中的标签或文件夹中的类别列表：wnid 已经足够。</translation>
    </message>
    <message>
        <source>Likely cause: labels count from 1</source>
        <translation>可能原因：标签从 1 开始计数</translation>
    </message>
    <message>
        <source>With every label lowered by one top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}): labels count from 1, or class 0 of the list is a background class.</source>
        <translation>所有标签减一时，{images} 张图像上的 top-1 由 {before} % 变为 {after} %（McNemar p = {p}）：标签从 1 开始计数，或列表的第 0 类是背景类。</translation>
    </message>
    <message>
        <source>Let the labels count from 0, without a background class.</source>
        <translation>请让标签从 0 开始计数，不含背景类。</translation>
    </message>
    <message>
        <source>Likely cause: the model has a background class</source>
        <translation>可能原因：模型带有背景类</translation>
    </message>
    <message>
        <source>With every label raised by one top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}): class 0 of the model is not the first class of the list.</source>
        <translation>所有标签加一时，{images} 张图像上的 top-1 由 {before} % 变为 {after} %（McNemar p = {p}）：模型的第 0 类不是列表的第一个类别。</translation>
    </message>
    <message>
        <source>Put the background class first in the class list.</source>
        <translation>请把背景类放在类别列表首位。</translation>
    </message>
    <message>
        <source>Likely cause: the class list is reversed</source>
        <translation>可能原因：类别列表顺序颠倒</translation>
    </message>
    <message>
        <source>With the classes counted from the end top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}).</source>
        <translation>从末尾起给类别编号时，{images} 张图像上的 top-1 由 {before} % 变为 {after} %（McNemar p = {p}）。</translation>
    </message>
    <message>
        <source>Reverse the class list.</source>
        <translation>请将类别列表倒过来。</translation>
    </message>
    <message>
        <source>Likely cause: class numbers were sorted as text</source>
        <translation>可能原因：类别编号按文本排序</translation>
    </message>
    <message>
        <source>Read as positions in 0, 1, 10, 100, 2, ... the labels give {after} % top-1 instead of {before} % on {images} images (McNemar p = {p}).</source>
        <translation>把标签读作 0, 1, 10, 100, 2, ... 中的位置时，{images} 张图像上的 top-1 由 {before} % 变为 {after} %（McNemar p = {p}）。</translation>
    </message>
    <message>
        <source>Use the class numbers themselves as labels, or folder names with leading zeros.</source>
        <translation>请直接使用类别编号作为标签，或给文件夹名加前导零。</translation>
    </message>
    <message>
        <source>Likely cause: the list&apos;s labels have slipped by one row</source>
        <translation>可能原因：列表中的标签错开了一行</translation>
    </message>
    <message>
        <source>With the label of the neighbouring row top-1 is {after} % instead of {before} % on {images} images (McNemar p = {p}).</source>
        <translation>采用相邻行的标签时，{images} 张图像上的 top-1 由 {before} % 变为 {after} %（McNemar p = {p}）。</translation>
    </message>
    <message>
        <source>Make the list again; a line is missing or was inserted.</source>
        <translation>请重新生成列表；其中缺少或多出一行。</translation>
    </message>
    <message>
        <source>Images with the same label get the same prediction, but another class: predictions are right on {before} %, while an assignment of predicted classes to labels, learned from the other images, is right on {after} % of {images} images (McNemar p = {p}). The labels count the classes in another order than the model.</source>
        <translation>标签相同的图像得到相同的预测，却是另一个类别：在 {images} 张图像中，预测直接正确的占 {before} %，而由其他图像学得的“预测类别到标签”的对应关系正确的占 {after} %（McNemar p = {p}）。标签的类别顺序与模型不同。</translation>
    </message>
    <message>
        <source>Give the class list in the order that the model was trained with (--classes, or classes.txt beside the splits).</source>
        <translation>请按模型训练时的顺序提供类别列表（--classes，或与各数据划分同级的 classes.txt）。</translation>
    </message>
    <message>
        <source>Preprocessing is as published</source>
        <translation>预处理与公布的一致</translation>
    </message>
    <message>
        <source>{asked}.</source>
        <translation>{asked}。</translation>
    </message>
    <message>
        <source>No published preprocessing is known for this model</source>
        <translation>该模型没有已知的公布预处理</translation>
    </message>
    <message>
        <source>Used: {asked}.</source>
        <translation>所用：{asked}。</translation>
    </message>
    <message>
        <source>Compare with the preprocessing that the model was trained with.</source>
        <translation>请与模型训练时所用的预处理对照。</translation>
    </message>
    <message>
        <source>Mean differs from the published one</source>
        <translation>均值与公布值不同</translation>
    </message>
    <message>
        <source>Asked for {asked}, published {published} (R, G, B).</source>
        <translation>所选 {asked}，公布值 {published}（R、G、B）。</translation>
    </message>
    <message>
        <source>Set it as published (--mean; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>请按公布值设置（--mean；窗口中的“预处理”），除非模型以别的方式训练。</translation>
    </message>
    <message>
        <source>Standard deviation differs from the published one</source>
        <translation>标准差与公布值不同</translation>
    </message>
    <message>
        <source>Set it as published (--std; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>请按公布值设置（--std；窗口中的“预处理”），除非模型以别的方式训练。</translation>
    </message>
    <message>
        <source>Size of the shorter side differs from the published one</source>
        <translation>短边尺寸与公布值不同</translation>
    </message>
    <message>
        <source>Asked for {asked}, published {published} pixels.</source>
        <translation>所选 {asked} 像素，公布值 {published} 像素。</translation>
    </message>
    <message>
        <source>Set it as published (--resize; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>请按公布值设置（--resize；窗口中的“预处理”），除非模型以别的方式训练。</translation>
    </message>
    <message>
        <source>Crop differs from the published one</source>
        <translation>裁剪尺寸与公布值不同</translation>
    </message>
    <message>
        <source>Set it as published (--crop; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>请按公布值设置（--crop；窗口中的“预处理”），除非模型以别的方式训练。</translation>
    </message>
    <message>
        <source>Interpolation differs from the published one</source>
        <translation>插值方式与公布的不同</translation>
    </message>
    <message>
        <source>Asked for {asked}, published {published}.</source>
        <translation>所选 {asked}，公布值 {published}。</translation>
    </message>
    <message>
        <source>Set it as published (--interpolation; Preprocessing in the window), unless the model was trained otherwise.</source>
        <translation>请按公布值设置（--interpolation；窗口中的“预处理”），除非模型以别的方式训练。</translation>
    </message>
    <message>
        <source>Other preprocessing was not tried</source>
        <translation>未尝试其他预处理</translation>
    </message>
    <message>
        <source>The comparison needs labels that can be trusted.</source>
        <translation>比较需要可信的标签。</translation>
    </message>
    <message>
        <source>Repair the labels, then check again.</source>
        <translation>请修正标签后重新检查。</translation>
    </message>
    <message>
        <source>No other preprocessing is better</source>
        <translation>没有更好的预处理</translation>
    </message>
    <message>
        <source>{tried} others were tried on {images} images (mean and standard deviation, channel order, crop, interpolation).</source>
        <translation>在 {images} 张图像上尝试了另外 {tried} 种（均值与标准差、通道顺序、裁剪、插值）。</translation>
    </message>
    <message>
        <source>Another crop suits these images better</source>
        <translation>另一种裁剪更适合这些图像</translation>
    </message>
    <message>
        <source>Better with {better} on {wins} of {images} images, worse on {losses} (sign test p = {p}): these images may have been cut or scaled already.</source>
        <translation>采用 {better} 时，{images} 张图像中有 {wins} 张更好，{losses} 张更差（符号检验 p = {p}）：这些图像可能已被裁剪或缩放过。</translation>
    </message>
    <message>
        <source>Keep the published crop to compare with published figures.</source>
        <translation>若要与公布的数字比较，请保留公布的裁剪方式。</translation>
    </message>
    <message>
        <source>Likely cause: wrong mean and standard deviation</source>
        <translation>可能原因：均值和标准差有误</translation>
    </message>
    <message>
        <source>Set mean {mean} and standard deviation {std} (--mean, --std; Preprocessing in the window).</source>
        <translation>请设置均值 {mean}、标准差 {std}（--mean、--std；窗口中的“预处理”）。</translation>
    </message>
    <message>
        <source>Likely cause: red and blue are swapped</source>
        <translation>可能原因：红蓝通道互换</translation>
    </message>
    <message>
        <source>With the channels in the order blue, green, red the right class is more likely on {wins} of {images} images and less likely on {losses} (sign test p = {p}); top-1 on them rises from {before} to {after} %. The model wants BGR, or the images&apos; channels are swapped.</source>
        <translation>通道按蓝、绿、红的顺序时，{images} 张图像中有 {wins} 张的正确类别概率更高，{losses} 张更低（符号检验 p = {p}）；其 top-1 由 {before} % 升至 {after} %。模型需要 BGR，或图像的通道被互换。</translation>
    </message>
    <message>
        <source>Use weights converted for RGB (swap the input channels of the patch embedding), or store the images as RGB.</source>
        <translation>请使用转换为 RGB 的权重（交换图块嵌入的输入通道），或把图像存为 RGB。</translation>
    </message>
    <message>
        <source>Likely cause: wrong crop or interpolation</source>
        <translation>可能原因：裁剪或插值方式有误</translation>
    </message>
    <message>
        <source>Set the published preprocessing (--resize, --crop, --interpolation; Preprocessing in the window).</source>
        <translation>请设置公布的预处理（--resize、--crop、--interpolation；窗口中的“预处理”）。</translation>
    </message>
    <message>
        <source>Predictions are surer with another mean and standard deviation</source>
        <translation>换用其他均值和标准差时预测更有把握</translation>
    </message>
    <message>
        <source>Without labels only the confidence can be compared: with mean {mean} and standard deviation {std} it is higher on {wins} of {images} images and lower on {losses} (sign test p = {p}).</source>
        <translation>没有标签，只能比较置信度：采用均值 {mean}、标准差 {std} 时，{images} 张图像中有 {wins} 张更高，{losses} 张更低（符号检验 p = {p}）。</translation>
    </message>
    <message>
        <source>Predictions are surer with red and blue swapped</source>
        <translation>红蓝通道互换时预测更有把握</translation>
    </message>
    <message>
        <source>Without labels only the confidence can be compared: with the channels in the order blue, green, red it is higher on {wins} of {images} images and lower on {losses} (sign test p = {p}).</source>
        <translation>没有标签，只能比较置信度：通道按蓝、绿、红的顺序时，{images} 张图像中有 {wins} 张更高，{losses} 张更低（符号检验 p = {p}）。</translation>
    </message>
    <message>
        <source>Find out whether the model was trained on BGR images.</source>
        <translation>请查明模型是否用 BGR 图像训练。</translation>
    </message>
    <message>
        <source>Weights are sound</source>
        <translation>权重正常</translation>
    </message>
    <message>
        <source>{parameters} parameters: all finite, no dead or repeated channels; the widest channel of a weight is at most {ratio} times its median one.</source>
        <translation>{parameters} 个参数：均为有限值，没有失效或重复的通道；权重中最宽的通道至多为其中位通道的 {ratio} 倍。</translation>
    </message>
    <message>
        <source>Dead output channels in weights</source>
        <translation>权重中有失效的输出通道</translation>
    </message>
    <message>
        <source>{count} channels are constant: {where}.</source>
        <translation>{count} 个通道为常数：{where}。</translation>
    </message>
    <message>
        <source>Harmless in a pruned model; otherwise compare the file with its source.</source>
        <translation>对剪枝模型无妨；否则请将文件与其来源对照。</translation>
    </message>
    <message>
        <source>LayerNorm switches channels off</source>
        <translation>LayerNorm 关闭了部分通道</translation>
    </message>
    <message>
        <source>{count} factors (gamma) are nearly zero: {where}.</source>
        <translation>{count} 个系数（gamma）接近零：{where}。</translation>
    </message>
    <message>
        <source>Equal output channels in weights</source>
        <translation>权重中有相同的输出通道</translation>
    </message>
    <message>
        <source>{count} channels repeat another one exactly: {where}.</source>
        <translation>{count} 个通道与另一通道完全相同：{where}。</translation>
    </message>
    <message>
        <source>Compare the file with its source.</source>
        <translation>请将文件与其来源对照。</translation>
    </message>
    <message>
        <source>Weights with extreme channels</source>
        <translation>含极端通道的权重</translation>
    </message>
    <message>
        <source>Weights whose widest output channel is more than 20 times their median one: {count}. The most extreme is {where} with {ratio} times.</source>
        <translation>最宽输出通道超过中位通道 20 倍的权重：{count} 个。最极端的是 {where}，为 {ratio} 倍。</translation>
    </message>
    <message>
        <source>Quantize them with a scale per channel, as the recipes do.</source>
        <translation>请像各量化方案那样逐通道设置缩放因子。</translation>
    </message>
    <message>
        <source>No channel of the activations is constant</source>
        <translation>激活中没有恒定的通道</translation>
    </message>
    <message>
        <source>Looked at on {images} images.</source>
        <translation>在 {images} 张图像上查看。</translation>
    </message>
    <message>
        <source>Constant channels in activations</source>
        <translation>激活中有恒定的通道</translation>
    </message>
    <message>
        <source>{count} channels do not change over {images} images: {where}.</source>
        <translation>{count} 个通道在 {images} 张图像上不变：{where}。</translation>
    </message>
    <message>
        <source>Harmless in a pruned model; otherwise look at these layers&apos; weights.</source>
        <translation>对剪枝模型无妨；否则请查看这些层的权重。</translation>
    </message>
    <message>
        <source>Channels at the LayerNorm inputs range alike</source>
        <translation>LayerNorm 输入各通道的范围相近</translation>
    </message>
    <message>
        <source>The widest channel is at most {ratio} times the median one ({where}), on {images} images.</source>
        <translation>在 {images} 张图像上，最宽的通道至多为中位通道的 {ratio} 倍（{where}）。</translation>
    </message>
    <message>
        <source>Channels at the LayerNorm inputs range unalike; PTF is on</source>
        <translation>LayerNorm 输入各通道的范围差异大；已启用 PTF</translation>
    </message>
    <message>
        <source>LayerNorm inputs whose widest channel is more than 4 times their median one: {count}. The most extreme is {where} with {ratio} times.</source>
        <translation>最宽通道超过中位通道 4 倍的 LayerNorm 输入：{count} 个。最极端的是 {where}，为 {ratio} 倍。</translation>
    </message>
    <message>
        <source>Channels at the LayerNorm inputs range unalike</source>
        <translation>LayerNorm 输入各通道的范围差异大</translation>
    </message>
    <message>
        <source>LayerNorm inputs whose widest channel is more than 4 times their median one: {count}. The most extreme is {where} with {ratio} times. One scale for all channels is too coarse there.</source>
        <translation>最宽通道超过中位通道 4 倍的 LayerNorm 输入：{count} 个。最极端的是 {where}，为 {ratio} 倍。所有通道共用一个缩放因子在此过于粗糙。</translation>
    </message>
    <message>
        <source>Switch on PTF (--ptf), which gives these channels scales of their own.</source>
        <translation>请启用 PTF（--ptf），它为这些通道提供各自的缩放因子。</translation>
    </message>
    <message>
        <source>No recipe chosen</source>
        <translation>未选择量化方案</translation>
    </message>
    <message>
        <source>What would stay float and the calibration images were not looked at.</source>
        <translation>未查看哪些部分会保持浮点以及校准图像。</translation>
    </message>
    <message>
        <source>Choose a recipe (--recipe minmax, for example) and check again.</source>
        <translation>请选择量化方案（例如 --recipe minmax）后重新检查。</translation>
    </message>
    <message>
        <source>Recipe or plan does not fit the model</source>
        <translation>量化方案或精度计划与模型不符</translation>
    </message>
    <message>
        <source>{reason}</source>
        <translation>{reason}</translation>
    </message>
    <message>
        <source>Correct the plan, then check again.</source>
        <translation>请修正精度计划后重新检查。</translation>
    </message>
    <message>
        <source>Operators that stay float</source>
        <translation>保持浮点的算子</translation>
    </message>
    <message>
        <source>{count} of {nodes} compute in float or read a float value under {recipe}: {list}. The recipe leaves in float: {why}.</source>
        <translation>在 {recipe} 下，{nodes} 个算子中有 {count} 个以浮点计算或读取浮点值：{list}。该量化方案保持浮点的部分：{why}。</translation>
    </message>
    <message>
        <source>LayerNorm becomes integer with PTF, softmax with LIS; other values by naming their tap in the plan.</source>
        <translation>启用 PTF 后 LayerNorm 变为整数运算，启用 LIS 后 softmax 变为整数运算；其他数值可在精度计划中指明其观测点。</translation>
    </message>
    <message>
        <source>All matrix products are quantized</source>
        <translation>所有矩阵乘积均已量化</translation>
    </message>
    <message>
        <source>{total} G multiply-accumulates an image, both operands of each being quantized.</source>
        <translation>每张图像 {total} G 次乘加，两个操作数均已量化。</translation>
    </message>
    <message>
        <source>Some matrix products stay float</source>
        <translation>部分矩阵乘积保持浮点</translation>
    </message>
    <message>
        <source>{share} % of {total} G multiply-accumulates an image have quantized operands.</source>
        <translation>每张图像 {total} G 次乘加中，有 {share} % 的操作数已量化。</translation>
    </message>
    <message>
        <source>If that is not wanted, give their inputs and weights bits in the plan.</source>
        <translation>若不希望如此，请在精度计划中为其输入和权重指定位宽。</translation>
    </message>
    <message>
        <source>The calibration images cannot be used</source>
        <translation>校准图像无法使用</translation>
    </message>
    <message>
        <source>Choose other calibration images, or fewer.</source>
        <translation>请选择其他校准图像，或减少数量。</translation>
    </message>
    <message>
        <source>Calibration images are there</source>
        <translation>校准图像已就绪</translation>
    </message>
    <message>
        <source>{images} images of {covered} of {classes} classes in batches of {batch}.</source>
        <translation>{images} 张图像，覆盖 {classes} 个类别中的 {covered} 个，每批 {batch} 张。</translation>
    </message>
    <message>
        <source>Few calibration images</source>
        <translation>校准图像较少</translation>
    </message>
    <message>
        <source>Take 32 or more; the published programs use 100 to 1000.</source>
        <translation>请用 32 张或更多；公布的程序使用 100 至 1000 张。</translation>
    </message>
    <message>
        <source>Calibration and evaluation share no image</source>
        <translation>校准与评估没有共用图像</translation>
    </message>
    <message>
        <source>{images} calibration images compared by path and content.</source>
        <translation>已按路径和内容比较 {images} 张校准图像。</translation>
    </message>
    <message>
        <source>Calibration images are evaluated too</source>
        <translation>校准图像也用于评估</translation>
    </message>
    <message>
        <source>{count} of {images} calibration images: {where}.</source>
        <translation>{images} 张校准图像中有 {count} 张：{where}。</translation>
    </message>
    <message>
        <source>Calibrate on images of the train split; otherwise the accuracy flatters.</source>
        <translation>请用 train 划分的图像校准；否则准确率偏高。</translation>
    </message>
    <message>
        <source>Too few images to judge the accuracy</source>
        <translation>图像太少，无法判断准确率</translation>
    </message>
    <message>
        <source>Check with 200 labelled images or more.</source>
        <translation>请用 200 张或更多带标签的图像检查。</translation>
    </message>
    <message>
        <source>With mean {mean} and standard deviation {std} instead of {asked_mean} and {asked_std} the right class is more likely on {wins} of {images} images and less likely on {losses} (sign test p = {p}); top-1 on them goes from {before} to {after} %.</source>
        <translation>以均值 {mean}、标准差 {std} 代替 {asked_mean} 和 {asked_std} 时，{images} 张图像中有 {wins} 张的正确类别概率更高，{losses} 张更低（符号检验 p = {p}）；其 top-1 由 {before} % 变为 {after} %。</translation>
    </message>
    <message>
        <source>With the published {better} the right class is more likely on {wins} of {images} images and less likely on {losses} (sign test p = {p}); top-1 on them goes from {before} to {after} %.</source>
        <translation>采用公布的 {better} 时，{images} 张图像中有 {wins} 张的正确类别概率更高，{losses} 张更低（符号检验 p = {p}）；其 top-1 由 {before} % 变为 {after} %。</translation>
    </message>
</context>
<context>
    <name>quantoscope::PreflightHint</name>
    <message>
        <source>Not checked yet</source>
        <translation>尚未检查</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>What the check found</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Do model, images, labels and preprocessing belong together? Takes seconds, and its float result serves the run.</source>
        <translation>模型、图像、标签与预处理是否相符？只需数秒，其浮点结果可供后续运行使用。</translation>
    </message>
</context>
<context>
    <name>quantoscope::PreflightPanel</name>
    <message>
        <source>Findings of the check</source>
        <translation>检查发现</translation>
    </message>
    <message>
        <source>Show what is in order</source>
        <translation>显示正常的项目</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>重新检查</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>All findings as text</source>
        <translation>以文本复制全部发现</translation>
    </message>
    <message>
        <source>Looks at model, images, labels and preprocessing as chosen now</source>
        <translation>按当前选择检查模型、图像、标签与预处理</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>尚未检查。</translation>
    </message>
    <message>
        <source>Everything is in order.</source>
        <translation>一切正常。</translation>
    </message>
</context>
<context>
    <name>quantoscope::PreprocessingDialog</name>
    <message>
        <source>Preprocessing</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source> px</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>bicubic</source>
        <translation>双三次</translation>
    </message>
    <message>
        <source>bilinear</source>
        <translation>双线性</translation>
    </message>
    <message>
        <source>&amp;Interpolation</source>
        <translation>插值(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Centre crop</source>
        <translation>中心裁剪(&amp;C)</translation>
    </message>
    <message>
        <source>red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>green</source>
        <translation>绿</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>Mean (of 0 to 1)</source>
        <translation>均值（0 至 1）</translation>
    </message>
    <message>
        <source>Standard deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>As the model asks</source>
        <translation>恢复模型默认</translation>
    </message>
    <message>
        <source>shorter side</source>
        <translation>短边</translation>
    </message>
    <message>
        <source>both sides (squash)</source>
        <translation>两边（压缩）</translation>
    </message>
    <message>
        <source>&amp;Resize</source>
        <translation>缩放(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Side</source>
        <translation>边长(&amp;S)</translation>
    </message>
</context>
<context>
    <name>quantoscope::ProjectController</name>
    <message>
        <source>Saved %1</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>This window keeps no projects.</source>
        <translation>此窗口不保存项目。</translation>
    </message>
    <message>
        <source>&amp;New project</source>
        <translation>新建项目(&amp;N)</translation>
    </message>
    <message>
        <source>Plans, runs and jobs of the present session go</source>
        <translation>当前会话的计划、运行和作业将被清除</translation>
    </message>
    <message>
        <source>Open pro&amp;ject…</source>
        <translation>打开项目(&amp;J)…</translation>
    </message>
    <message>
        <source>Plans, runs, jobs and window of a saved session</source>
        <translation>已保存会话的计划、运行、作业和窗口</translation>
    </message>
    <message>
        <source>&amp;Save project</source>
        <translation>保存项目(&amp;S)</translation>
    </message>
    <message>
        <source>Plans, runs, jobs and window in one file</source>
        <translation>将计划、运行、作业和窗口保存到一个文件</translation>
    </message>
    <message>
        <source>Save project &amp;as…</source>
        <translation>项目另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>The same in another file</source>
        <translation>保存到另一个文件</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>打开项目</translation>
    </message>
    <message>
        <source>Projects (*.quantoscope);;All files (*)</source>
        <translation>项目 (*.quantoscope);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Save project</source>
        <translation>保存项目</translation>
    </message>
    <message>
        <source>Projects (*.quantoscope)</source>
        <translation>项目 (*.quantoscope)</translation>
    </message>
    <message>
        <source>Quantoscope</source>
        <translation>Quantoscope</translation>
    </message>
    <message>
        <source>Save the changes of %1?</source>
        <translation>保存对 %1 的更改？</translation>
    </message>
    <message>
        <source>A session did not end properly. Its last change was saved %1.</source>
        <translation>有一个会话未正常结束。最后一次更改保存于 %1。</translation>
    </message>
    <message>
        <source>Plans, runs and waiting jobs can be recovered. Jobs that were running go on after the last finished batch where that is possible.</source>
        <translation>计划、运行和等待中的作业可以恢复。运行中的作业会尽可能从最后完成的批次之后继续。</translation>
    </message>
    <message>
        <source>&amp;Recover</source>
        <translation>恢复(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>放弃(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Later</source>
        <translation>以后(&amp;L)</translation>
    </message>
    <message>
        <source>Asks again at the next start</source>
        <translation>下次启动时再次询问</translation>
    </message>
    <message>
        <source>Parts of the session do not fit what is there now and were left out:</source>
        <translation>会话的某些部分与现有内容不符，已略去：</translation>
    </message>
</context>
<context>
    <name>quantoscope::RangeShapesPlot</name>
    <message>
        <source>Weight and output</source>
        <translation>权重与输出</translation>
    </message>
    <message>
        <source>Run a calibration to see the ranges of weights beside those of activations.</source>
        <translation>运行校准，即可并排查看权重与激活的范围。</translation>
    </message>
    <message>
        <source>Select a layer in the model tree or in a plot to see its weight beside its output.</source>
        <translation>在模型树或图中选择一层，即可并排查看其权重与输出。</translation>
    </message>
    <message>
        <source>No values of %1 were observed in this run.</source>
        <translation>本次运行未观测到 %1 的数值。</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>%1, observed</source>
        <comment>weight or output</comment>
        <translation>%1，观测</translation>
    </message>
    <message>
        <source>%1, %2 bit range</source>
        <comment>weight or output</comment>
        <translation>%1，%2 位范围</translation>
    </message>
    <message>
        <source>Range of a channel</source>
        <translation>单个通道的范围</translation>
    </message>
    <message>
        <source>%1: channel ranges of weight and output</source>
        <translation>%1：权重与输出的通道范围</translation>
    </message>
    <message>
        <source>%1: largest over median %2.</source>
        <translation>%1：最大值为中位数的 %2 倍。</translation>
    </message>
    <message>
        <source>This operator has no weight.</source>
        <translation>该算子没有权重。</translation>
    </message>
    <message>
        <source>channel %1</source>
        <translation>通道 %1</translation>
    </message>
    <message>
        <source>%1 · channel %2 · range %3, %4 times the median</source>
        <translation>%1 · 通道 %2 · 范围 %3，为中位数的 %4 倍</translation>
    </message>
    <message>
        <source>%1 · %2 · median %3, quartiles %4 to %5, whiskers %6 to %7 · outliers: %8</source>
        <translation>%1 · %2 · 中位数 %3，四分位数 %4 至 %5，须线 %6 至 %7 · 离群通道：%8</translation>
    </message>
</context>
<context>
    <name>quantoscope::RangesOverviewPlot</name>
    <message>
        <source>Ranges by layer</source>
        <translation>逐层取值范围</translation>
    </message>
    <message>
        <source>Open a model and run a calibration to see how far the ranges of channels lie apart.</source>
        <translation>打开模型并运行一次校准，即可查看各通道取值范围的差异。</translation>
    </message>
    <message>
        <source>No ranges of “%1” were observed in this run; choose other taps above.</source>
        <translation>本次运行未观测到“%1”的取值范围；请在上方选择其他观测点。</translation>
    </message>
    <message>
        <source>Quartiles, whiskers 1.5 IQR</source>
        <translation>四分位数，须线 1.5 IQR</translation>
    </message>
    <message>
        <source>Outlier channel</source>
        <translation>离群通道</translation>
    </message>
    <message>
        <source>Widest spread: %1, whose largest channel range is %2 times the median.</source>
        <translation>差异最大：%1，其最大通道范围为中位数的 %2 倍。</translation>
    </message>
    <message>
        <source>%1 · channel %2 · range %3, %4 times the median</source>
        <translation>%1 · 通道 %2 · 范围 %3，为中位数的 %4 倍</translation>
    </message>
    <message>
        <source>Channel range</source>
        <translation>通道范围</translation>
    </message>
    <message>
        <source>Range max − min of every channel, by layer: %1</source>
        <translation>各层每个通道的范围（最大值 − 最小值）：%1</translation>
    </message>
    <message>
        <source>Channels of range 0, not drawn: %1.</source>
        <translation>范围为 0 而未绘制的通道：%1。</translation>
    </message>
    <message>
        <source>%1 · median %2, quartiles %3 to %4, whiskers %5 to %6 · outliers: %7</source>
        <translation>%1 · 中位数 %2，四分位数 %3 至 %4，须线 %5 至 %6 · 离群值：%7</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>范围</translation>
    </message>
</context>
<context>
    <name>quantoscope::RecipePanel</name>
    <message>
        <source>Image lists (*.txt);;All files (*)</source>
        <translation>图像列表 (*.txt);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Quantizer</source>
        <translation>量化器</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>Stays in float: %1</source>
        <translation>保持浮点：%1</translation>
    </message>
    <message>
        <source>&amp;PTF</source>
        <translation>&amp;PTF</translation>
    </message>
    <message>
        <source>Power-of-two factor: integer LayerNorm whose input has a scale per channel, scale · 2^α with α in 0 to 3</source>
        <translation>2 的幂因子：整数 LayerNorm，其输入逐通道缩放，缩放因子为 scale · 2^α，α 取 0 至 3</translation>
    </message>
    <message>
        <source>&amp;LIS</source>
        <translation>&amp;LIS</translation>
    </message>
    <message>
        <source>Log-int-softmax: integer softmax whose output is a power of two</source>
        <translation>Log-int-softmax：输出为 2 的幂的整数 softmax</translation>
    </message>
    <message>
        <source>Bits of weights</source>
        <translation>权重位宽</translation>
    </message>
    <message>
        <source>Bits of activations</source>
        <translation>激活位宽</translation>
    </message>
    <message>
        <source>Bits of attention weights</source>
        <translation>注意力权重位宽</translation>
    </message>
    <message>
        <source>Re&amp;cipe</source>
        <translation>方案(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;W/A/Attn</source>
        <translation>&amp;W/A/Attn</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>holds val/ and train/</source>
        <translation>含 val/ 和 train/</translation>
    </message>
    <message>
        <source>Split to evaluate</source>
        <translation>要评估的划分</translation>
    </message>
    <message>
        <source>List of images to evaluate</source>
        <translation>要评估的图像列表</translation>
    </message>
    <message>
        <source>all of the split</source>
        <translation>划分中的全部</translation>
    </message>
    <message>
        <source>Most images to evaluate</source>
        <translation>评估图像数上限</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Images per batch</source>
        <translation>每批图像数</translation>
    </message>
    <message>
        <source>F&amp;older</source>
        <translation>文件夹(&amp;O)</translation>
    </message>
    <message>
        <source>Lis&amp;t</source>
        <translation>列表(&amp;T)</translation>
    </message>
    <message>
        <source>Choose a list of images</source>
        <translation>选择图像列表</translation>
    </message>
    <message>
        <source>B&amp;atch</source>
        <translation>批大小(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Split</source>
        <translation>划分(&amp;S)</translation>
    </message>
    <message>
        <source>Preprocessin&amp;g…</source>
        <translation>预处理(&amp;G)…</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>上限(&amp;M)</translation>
    </message>
    <message>
        <source>Calibration set</source>
        <translation>校准集</translation>
    </message>
    <message>
        <source>List of calibration images</source>
        <translation>校准图像列表</translation>
    </message>
    <message>
        <source>random images of train/</source>
        <translation>train/ 中的随机图像</translation>
    </message>
    <message>
        <source>Number of calibration images</source>
        <translation>校准图像数</translation>
    </message>
    <message>
        <source>Seed of the random choice</source>
        <translation>随机选取的种子</translation>
    </message>
    <message>
        <source>Images per calibration batch</source>
        <translation>每个校准批次的图像数</translation>
    </message>
    <message>
        <source>EMA, Percentile, PTF, OMSE and LIS depend on the batches; MinMax does not</source>
        <translation>EMA、Percentile、PTF、OMSE 和 LIS 的结果取决于批次划分；MinMax 则不然</translation>
    </message>
    <message>
        <source>See&amp;d</source>
        <translation>种子(&amp;D)</translation>
    </message>
    <message>
        <source>L&amp;ist</source>
        <translation>列表(&amp;I)</translation>
    </message>
    <message>
        <source>Choose a list of calibration images</source>
        <translation>选择校准图像列表</translation>
    </message>
    <message>
        <source>Co&amp;unt</source>
        <translation>数量(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Batch</source>
        <translation>批大小(&amp;C)</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Evaluate i&amp;n float</source>
        <translation>评估浮点模型(&amp;K)</translation>
    </message>
    <message>
        <source>Calibrate and evaluate &amp;quantized</source>
        <translation>校准并评估量化模型(&amp;Q)</translation>
    </message>
    <message>
        <source>Measure error per la&amp;yer on</source>
        <translation>测量逐层误差(&amp;Y)</translation>
    </message>
    <message>
        <source>Images behind the error figures</source>
        <translation>误差数据所用图像数</translation>
    </message>
    <message>
        <source> images</source>
        <translation> 张图像</translation>
    </message>
    <message>
        <source>State of the run</source>
        <translation>运行状态</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>运行进度</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stopping after the current batch…</source>
        <translation>当前批次结束后停止…</translation>
    </message>
    <message>
        <source>Changed: %1</source>
        <translation>已更改：%1</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1，剩余 %2</translation>
    </message>
    <message>
        <source>%v of %m</source>
        <translation>%v / %m</translation>
    </message>
    <message>
        <source>Open a checkpoint first (File, Open model).</source>
        <translation>请先打开权重文件（文件 → 打开模型）。</translation>
    </message>
    <message>
        <source>Switch on at least one step.</source>
        <translation>请至少启用一个步骤。</translation>
    </message>
    <message>
        <source>Calibrates, evaluates and measures as chosen above</source>
        <translation>按上方所选进行校准、评估和测量</translation>
    </message>
    <message>
        <source>Stops within one batch and keeps the part that is finished</source>
        <translation>在一个批次内停止，并保留已完成的部分</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>没有正在进行的运行。</translation>
    </message>
    <message>
        <source>The list says which images.</source>
        <translation>图像由列表指定。</translation>
    </message>
    <message>
        <source>How pictures become the model&apos;s input</source>
        <translation>图像如何转换为模型输入</translation>
    </message>
    <message>
        <source>Open a checkpoint first.</source>
        <translation>请先打开权重文件。</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Tar archive…</source>
        <translation>Tar 归档…</translation>
    </message>
    <message>
        <source>Tar archives (*.tar);;All files (*)</source>
        <translation>Tar 归档 (*.tar);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Folder or archive of images</source>
        <translation>图像文件夹或归档</translation>
    </message>
    <message>
        <source>Choose the folder or archive of images</source>
        <translation>选择图像文件夹或归档</translation>
    </message>
    <message>
        <source>Choose the folder or archive of images first.</source>
        <translation>请先选择图像文件夹或归档。</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search sequentially</source>
        <translation>逐个搜索</translation>
    </message>
    <message>
        <source>Each matrix product is searched in a network whose earlier products are quantized already; otherwise in the float network. Takes a pass forward and back for every product, and need not be better with few calibration images.</source>
        <translation>在前面的矩阵乘积已经量化的网络中搜索每个乘积；否则在浮点网络中搜索。每个乘积都需要一次前向和反向计算，校准图像较少时不一定更好。</translation>
    </message>
    <message>
        <source>Searches the intervals after calibration; otherwise those of the calibration stay</source>
        <translation>校准后搜索区间；否则保留校准得到的区间</translation>
    </message>
    <message>
        <source>Waits behind the jobs of the queue</source>
        <translation>排在队列中的作业之后</translation>
    </message>
</context>
<context>
    <name>quantoscope::ResultTableModel</name>
    <message>
        <source>not run</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>no weights</source>
        <translation>缺少权重</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Against float on the same images: %1 gained, %2 lost, McNemar p = %3</source>
        <translation>与浮点在相同图像上相比：新增正确 %1，丢失 %2，McNemar p = %3</translation>
    </message>
    <message>
        <source>Table of a paper</source>
        <translation>论文中的表</translation>
    </message>
    <message>
        <source>Suite</source>
        <translation>套件</translation>
    </message>
    <message>
        <source>Model as the paper calls it</source>
        <translation>论文中的模型名称</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Method as the paper calls it</source>
        <translation>论文中的方法名称</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Bits of weights, activations and attention weights</source>
        <translation>权重、激活和注意力权重的位数</translation>
    </message>
    <message>
        <source>W/A/Attn</source>
        <translation>W/A/Attn</translation>
    </message>
    <message>
        <source>Top-1 as the paper states it</source>
        <translation>论文报告的 Top-1</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>已发表</translation>
    </message>
    <message>
        <source>Top-1 with its 95 % interval (Wilson)</source>
        <translation>Top-1 及其 95 % 区间（Wilson）</translation>
    </message>
    <message>
        <source>Measured [95 %]</source>
        <translation>实测 [95 %]</translation>
    </message>
    <message>
        <source>Measured minus published, percentage points</source>
        <translation>实测减去已发表，百分点</translation>
    </message>
    <message>
        <source>Δ published [pp]</source>
        <translation>Δ 已发表 [百分点]</translation>
    </message>
    <message>
        <source>Measured minus float on the same images, with its 95 % interval, percentage points</source>
        <translation>在相同图像上实测减去浮点，含 95 % 区间，百分点</translation>
    </message>
    <message>
        <source>Δ float [pp]</source>
        <translation>Δ 浮点 [百分点]</translation>
    </message>
    <message>
        <source>Evaluated images</source>
        <translation>已评估的图像</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Whether the result is there</source>
        <translation>结果是否已有</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunActions</name>
    <message>
        <source>Select one run.</source>
        <translation>请选择一个运行。</translation>
    </message>
    <message>
        <source>&amp;Repeat this run</source>
        <translation>重复此运行(&amp;R)</translation>
    </message>
    <message>
        <source>The same request again, behind the jobs that wait: form, images and calibration set as stored with the run</source>
        <translation>再次执行同样的请求，排在等待的作业之后：表单、图像和校准集按运行中的存储</translation>
    </message>
    <message>
        <source>&amp;Take over recipe and plan</source>
        <translation>采用其方案和计划(&amp;T)</translation>
    </message>
    <message>
        <source>This run was not quantized.</source>
        <translation>此运行未量化。</translation>
    </message>
    <message>
        <source>Can be undone</source>
        <translation>可以撤销</translation>
    </message>
    <message>
        <source>&amp;Compare these two runs</source>
        <translation>比较这两个运行(&amp;C)</translation>
    </message>
    <message>
        <source>Select two runs (Ctrl and click).</source>
        <translation>请选择两个运行（按住 Ctrl 单击）。</translation>
    </message>
    <message>
        <source>Image by image: accuracy, flips, and what their settings differ in</source>
        <translation>逐图像比较：准确率、翻转以及设置差异</translation>
    </message>
    <message>
        <source>Images in both: %1; only in one of them: %2 and %3</source>
        <translation>两者共有的图像：%1；仅在其中之一：%2 和 %3</translation>
    </message>
    <message>
        <source>%1: %2 → %3, difference %4 points, 95 % interval %5 to %6</source>
        <comment>accuracy of two runs</comment>
        <translation>%1：%2 → %3，差 %4 个百分点，95 % 区间 %5 至 %6</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation>Top-5</translation>
    </message>
    <message>
        <source>Became wrong: %1; became right: %2; exact McNemar test p = %3</source>
        <translation>变错：%1；变对：%2；精确 McNemar 检验 p = %3</translation>
    </message>
    <message>
        <source>Same best class: %1</source>
        <translation>最佳类别相同：%1</translation>
    </message>
    <message>
        <source>Settings, first → second:</source>
        <translation>设置，第一个 → 第二个：</translation>
    </message>
    <message>
        <source>No difference.</source>
        <translation>没有差异。</translation>
    </message>
    <message>
        <source>… and %1 more; quantoscope-cli compare lists all</source>
        <translation>……另有 %1 个；quantoscope-cli compare 可列出全部</translation>
    </message>
    <message>
        <source>Became wrong:</source>
        <translation>变错：</translation>
    </message>
    <message>
        <source>Became right:</source>
        <translation>变对：</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 和 %2</translation>
    </message>
    <message>
        <source>Comparison of two runs</source>
        <translation>两个运行的比较</translation>
    </message>
    <message>
        <source>&amp;Unpin this baseline</source>
        <translation>取消固定基线(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Pin as baseline</source>
        <translation>固定为基线(&amp;P)</translation>
    </message>
    <message>
        <source>All runs of the table, and the changed images, are compared with the baseline (B)</source>
        <translation>表中所有运行以及变化的图像都与基线比较 (B)</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunReport</name>
    <message>
        <source>%1 % [%2, %3]</source>
        <comment>accuracy with 95 % interval</comment>
        <translation>%1 % [%2, %3]</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Top-1 [95 % interval]</source>
        <translation>Top-1 [95 % 区间]</translation>
    </message>
    <message>
        <source>Top-5 [95 % interval]</source>
        <translation>Top-5 [95 % 区间]</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>量化</translation>
    </message>
    <message>
        <source>This run was calibrated, not evaluated.</source>
        <translation>此运行只做了校准，没有评估。</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>The run was stopped: the figures are those of the first images only.</source>
        <translation>运行被中止：数值只来自前面的图像。</translation>
    </message>
    <message>
        <source>Quantized against float, image by image</source>
        <translation>量化与浮点逐图对比</translation>
    </message>
    <message>
        <source>%1 images became wrong, %2 became right; difference of top-1 %3 points, 95 % interval %4 to %5; exact McNemar test p = %6.</source>
        <translation>%1 张图像变错，%2 张变对；Top-1 差 %3 个百分点，95 % 区间 %4 至 %5；精确 McNemar 检验 p = %6。</translation>
    </message>
    <message>
        <source>Mean divergence KL(float || quantized) of the predictions: %1 nats.</source>
        <translation>预测的平均散度 KL(浮点 || 量化)：%1 nats。</translation>
    </message>
    <message>
        <source>Image that became wrong</source>
        <translation>变错的图像</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Predicted instead</source>
        <translation>误判为</translation>
    </message>
    <message>
        <source>Confidence before</source>
        <translation>之前的置信度</translation>
    </message>
    <message>
        <source>after</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>And %1 more.</source>
        <translation>另有 %1 张。</translation>
    </message>
    <message>
        <source>Tap</source>
        <translation>观测点</translation>
    </message>
    <message>
        <source>Quantizer</source>
        <translation>量化器</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位数</translation>
    </message>
    <message>
        <source>SQNR isolated [dB]</source>
        <translation>孤立 SQNR [dB]</translation>
    </message>
    <message>
        <source>SQNR cumulative [dB]</source>
        <translation>累积 SQNR [dB]</translation>
    </message>
    <message>
        <source>Clipped values</source>
        <translation>被截断的值</translation>
    </message>
    <message>
        <source>Levels in use</source>
        <translation>使用的级数</translation>
    </message>
    <message>
        <source>Taps that lose most on their own</source>
        <translation>自身损失最大的观测点</translation>
    </message>
    <message>
        <source>Isolated: the float value through this quantizer alone. Cumulative: the value in the quantized network against float. Measured on %1 images.</source>
        <translation>孤立：浮点值只经过该量化器。累积：量化网络中的值与浮点相比。在 %1 张图像上测得。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Preprocessing</source>
        <translation>预处理</translation>
    </message>
    <message>
        <source>Recipe, W/A/Attn bits</source>
        <translation>方案，W/A/Attn 位数</translation>
    </message>
    <message>
        <source>Precision plan</source>
        <translation>精度计划</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>%1 listed images, %2 in a batch</source>
        <translation>列表中的 %1 张图像，每批 %2 张</translation>
    </message>
    <message>
        <source>%1 random images (seed %2), %3 in a batch</source>
        <translation>随机 %1 张图像（种子 %2），每批 %3 张</translation>
    </message>
    <message>
        <source>Assumed</source>
        <translation>假定</translation>
    </message>
    <message>
        <source>Time: %1</source>
        <translation>用时：%1</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Conditions of the run</source>
        <translation>运行条件</translation>
    </message>
    <message>
        <source>Quantization report: %1, %2</source>
        <translation>量化报告：%1，%2</translation>
    </message>
    <message>
        <source>Quantization is simulated on float values: the figures say what accuracy would be, not how fast an integer device is.</source>
        <translation>量化是在浮点值上模拟的：数值说明准确率会是多少，而不是整数设备有多快。</translation>
    </message>
    <message>
        <source>Drawing the plots of the report…</source>
        <translation>正在绘制报告的图表…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Worst channel, share of the error</source>
        <translation>误差最大的通道，占误差比例</translation>
    </message>
    <message>
        <source>Worst image, share of the error</source>
        <translation>误差最大的图像，占误差比例</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunTableModel</name>
    <message>
        <source>calibrated</source>
        <translation>已校准</translation>
    </message>
    <message>
        <source>partial, no accuracy</source>
        <translation>部分完成，无精度</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>部分完成</translation>
    </message>
    <message>
        <source>%1 % [%2, %3]</source>
        <comment>top-1 with 95 % interval</comment>
        <translation>%1% [%2, %3]</translation>
    </message>
    <message>
        <source>Of %1 common images %2 became right and %3 became wrong; exact McNemar test p = %4.</source>
        <translation>%1 张共同图像中，%2 张由错变对，%3 张由对变错；McNemar 精确检验 p = %4。</translation>
    </message>
    <message>
        <source>No change against the recipe</source>
        <translation>与量化方案无差异</translation>
    </message>
    <message>
        <source>This run has no float evaluation beside a quantized one.</source>
        <translation>本次运行没有与量化评估对照的浮点评估。</translation>
    </message>
    <message>
        <source>There is no row above on the same images.</source>
        <translation>上方没有使用相同图像的行。</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Recipe and bits of weights/activations/attention</source>
        <translation>量化方案及权重/激活/注意力位宽</translation>
    </message>
    <message>
        <source>Recipe, W/A/Attn</source>
        <translation>量化方案，W/A/Attn</translation>
    </message>
    <message>
        <source>What the precision plan changes against the recipe</source>
        <translation>精度计划相对量化方案的改动</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划差异</translation>
    </message>
    <message>
        <source>Images that count</source>
        <translation>计入统计的图像</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Top-1 accuracy of the float model on the same images</source>
        <translation>浮点模型在相同图像上的 top-1 准确率</translation>
    </message>
    <message>
        <source>Float top-1</source>
        <translation>浮点 top-1</translation>
    </message>
    <message>
        <source>Top-1 accuracy with its Wilson 95 % interval</source>
        <translation>Top-1 准确率及其 95% Wilson 置信区间</translation>
    </message>
    <message>
        <source>Top-1 [95 %]</source>
        <translation>Top-1 [95%]</translation>
    </message>
    <message>
        <source>Top-5</source>
        <translation>Top-5</translation>
    </message>
    <message>
        <source>Δ float [pp]</source>
        <translation>Δ 浮点 [百分点]</translation>
    </message>
    <message>
        <source>Δ above [pp]</source>
        <translation>Δ 上一行 [百分点]</translation>
    </message>
    <message>
        <source>Images given the same class as in the row above</source>
        <translation>与上一行预测类别相同的图像</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致率</translation>
    </message>
    <message>
        <source>Exact McNemar test against the row above: how likely a change this large is by chance</source>
        <translation>相对上一行的 McNemar 精确检验：如此大的变化由偶然造成的概率</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>Images per second, decoding included</source>
        <translation>每秒图像数（含解码）</translation>
    </message>
    <message>
        <source>Images/s</source>
        <translation>图像/秒</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Cancelled: the figures are those of the first images only (%1).</source>
        <translation>已取消：这些数字仅针对前 %1 张图像。</translation>
    </message>
    <message>
        <source>Images that could not be used and do not count: %1.</source>
        <translation>无法使用且不计入统计的图像：%1。</translation>
    </message>
    <message>
        <source>decided: better</source>
        <translation>已判定：更好</translation>
    </message>
    <message>
        <source>decided: worse</source>
        <translation>已判定：更差</translation>
    </message>
    <message>
        <source>decided: equivalent</source>
        <translation>已判定：等效</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>未判定</translation>
    </message>
    <message>
        <source>Evaluation until decided, against %1: %2 of %3 images in random order, %4 became right and %5 became wrong. p = %6, difference of top-1 %7 to %8 points; both hold although the evaluation chose its end.</source>
        <translation>评估至可判定为止，对照%1：按随机顺序评估了 %3 张图像中的 %2 张，%4 张由错变对，%5 张由对变错。p = %6，top-1 之差为 %7 到 %8 个百分点；虽由评估自行决定何时结束，两者依然有效。</translation>
    </message>
    <message>
        <source>the float model</source>
        <translation>浮点模型</translation>
    </message>
    <message>
        <source>One of the two evaluations chose its own end, which this p-value does not allow for.</source>
        <translation>两次评估之一自行决定了何时结束，该 p 值未考虑这一点。</translation>
    </message>
    <message>
        <source>%1 images count as wrong because their logits are not finite: the quantized arithmetic broke down on them.</source>
        <translation>%1 张图像因其 logits 非有限值而计为错误：量化运算在这些图像上失效。</translation>
    </message>
    <message>
        <source>%1 (baseline)</source>
        <translation>%1（基线）</translation>
    </message>
    <message>
        <source>%1 [%2, %3]</source>
        <comment>change in points with its 95 % interval</comment>
        <translation>%1 [%2, %3]</translation>
    </message>
    <message>
        <source>This is the baseline that the other runs are compared with.</source>
        <translation>这是其他运行与之比较的基线。</translation>
    </message>
    <message>
        <source>The baseline was not evaluated on the same images; Changes compares those in common.</source>
        <translation>基线不是在相同图像上评估的；“变化”面板比较共有的图像。</translation>
    </message>
    <message>
        <source>Change of top-1 against float on the same images, percentage points, with its 95 % interval for paired data</source>
        <translation>在相同图像上相对浮点的 Top-1 变化（百分点），附配对数据的 95 % 区间</translation>
    </message>
    <message>
        <source>Change of top-1 against the baseline on the same images, percentage points, with its 95 % interval for paired data</source>
        <translation>在相同图像上相对基线的 Top-1 变化（百分点），附配对数据的 95 % 区间</translation>
    </message>
    <message>
        <source>Δ baseline [pp]</source>
        <translation>Δ 基线 [pp]</translation>
    </message>
    <message>
        <source>Change of top-1 against the row above on the same images, percentage points, with its 95 % interval for paired data</source>
        <translation>在相同图像上相对上一行的 Top-1 变化（百分点），附配对数据的 95 % 区间</translation>
    </message>
    <message>
        <source>Images given the same class as by the baseline</source>
        <translation>与基线给出相同类别的图像</translation>
    </message>
    <message>
        <source>Exact McNemar test against the baseline: how likely a change this large is by chance</source>
        <translation>相对基线的 McNemar 精确检验：如此大的变化由偶然造成的概率</translation>
    </message>
    <message>
        <source>The integer softmax has no steps at the scale of %1 score taps (%2 first): give the scores more bits, or the softmax another quantizer.</source>
        <translation>在 %1 个分数抽头（首个为 %2）的缩放因子下，整数 softmax 没有可用的级：请给分数更多比特，或为 softmax 换用其他量化器。</translation>
    </message>
    <message>
        <source>%1, listed</source>
        <comment>calibration images</comment>
        <translation>%1，列表</translation>
    </message>
    <message>
        <source>%1, seed %2</source>
        <comment>calibration images</comment>
        <translation>%1，种子 %2</translation>
    </message>
    <message>
        <source>Calibration images, and the seed that drew them</source>
        <translation>校准图像数及抽取它们的种子</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准图像</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunsPanel</name>
    <message>
        <source>Finished evaluations</source>
        <translation>已完成的评估</translation>
    </message>
    <message>
        <source>Every finished evaluation becomes a row here: choose a recipe on the right and run.</source>
        <translation>每次完成的评估都会成为此处的一行：在右侧选择量化方案并运行。</translation>
    </message>
</context>
<context>
    <name>quantoscope::RunsPlot</name>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Size of the weights</source>
        <translation>权重大小</translation>
    </message>
    <message>
        <source>Average bits</source>
        <translation>平均位宽</translation>
    </message>
    <message>
        <source>Bit operations</source>
        <translation>位运算</translation>
    </message>
    <message>
        <source>These runs were made by an earlier version, which did not note what they take: repeat them.</source>
        <translation>这些运行由早期版本生成，未记录其开销：请重新运行。</translation>
    </message>
    <message>
        <source>Evaluate some runs on images of known class to see which of them are worth their cost.</source>
        <translation>在类别已知的图像上评估若干次运行，即可查看哪些运行物有所值。</translation>
    </message>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Top-1 [%]</source>
        <translation>Top-1 [%]</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>前沿</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>On the front</source>
        <translation>在前沿上</translation>
    </message>
    <message>
        <source>Behind the front</source>
        <translation>在前沿之后</translation>
    </message>
    <message>
        <source>Partial run</source>
        <translation>部分运行</translation>
    </message>
    <message>
        <source>%1 (baseline)</source>
        <translation>%1（基线）</translation>
    </message>
    <message>
        <source>Accuracy of all runs over what their plans take</source>
        <translation>所有运行的准确率与其方案开销</translation>
    </message>
    <message>
        <source>Bars: Wilson 95 % interval.</source>
        <translation>误差条：Wilson 95 % 区间。</translation>
    </message>
    <message>
        <source>Not all runs are of the same images: their accuracies do not compare.</source>
        <translation>并非所有运行都基于相同图像：其准确率不可比较。</translation>
    </message>
    <message>
        <source>Left out: runs of an earlier version, without costs (%1).</source>
        <translation>略去：早期版本的运行，无开销数据（%1）。</translation>
    </message>
    <message>
        <source>top-1 %1 % (%2 to %3) on %4 images</source>
        <translation>%4 张图像上 Top-1 %1 %（%2 至 %3）</translation>
    </message>
    <message>
        <source>on the front</source>
        <translation>在前沿上</translation>
    </message>
    <message>
        <source>partial</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>What the runs take</source>
        <translation>运行的开销</translation>
    </message>
    <message>
        <source>Size of the activations</source>
        <translation>激活大小</translation>
    </message>
</context>
<context>
    <name>quantoscope::SearchDialog</name>
    <message>
        <source>Search precision</source>
        <translation>搜索精度</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>量化方案</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Unit of the budget</source>
        <translation>预算的单位</translation>
    </message>
    <message>
        <source>bit on average</source>
        <translation>位（平均）</translation>
    </message>
    <message>
        <source>MB of weights</source>
        <translation>MB 权重</translation>
    </message>
    <message>
        <source>10⁹ bit operations</source>
        <translation>10⁹ 次位运算</translation>
    </message>
    <message>
        <source>&amp;Budget</source>
        <translation>预算(&amp;B)</translation>
    </message>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>Offer float</source>
        <translation>提供浮点</translation>
    </message>
    <message>
        <source>Offer %1 bit</source>
        <translation>提供 %1 位</translation>
    </message>
    <message>
        <source>Precisions</source>
        <translation>可选精度</translation>
    </message>
    <message>
        <source>Operands of a product &amp;alike</source>
        <translation>同一乘积的操作数位宽相同(&amp;A)</translation>
    </message>
    <message>
        <source>Weight and activations of a product at one width, as most integer kernels want it</source>
        <translation>同一乘积的权重和激活使用相同位宽，多数整数内核要求如此</translation>
    </message>
    <message>
        <source>&amp;First and last layer at least 8 bit</source>
        <translation>首层和末层至少 8 位(&amp;F)</translation>
    </message>
    <message>
        <source>Calibration images behind the sensitivity</source>
        <translation>用于测量敏感度的校准图像</translation>
    </message>
    <message>
        <source>Calibration &amp;images</source>
        <translation>校准图像(&amp;I)</translation>
    </message>
    <message>
        <source>Points of the front that are evaluated</source>
        <translation>要评估的前沿点数</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Runs the chosen point, others along the front, and one width everywhere on the images to evaluate</source>
        <translation>在评估图像上运行所选点、前沿上的其他点以及统一位宽</translation>
    </message>
    <message>
        <source>&amp;Evaluate points</source>
        <translation>评估点数(&amp;E)</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Working out the cost…</source>
        <translation>正在估算开销…</translation>
    </message>
    <message>
        <source>%1 measurements on %2 images: as much work as %3 passes of one image.</source>
        <translation>在 %2 张图像上进行 %1 次测量：相当于单张图像前向 %3 次的工作量。</translation>
    </message>
    <message>
        <source>Of these, %1 for evaluations on %2 images each.</source>
        <translation>其中 %1 次用于评估，每次 %2 张图像。</translation>
    </message>
    <message>
        <source>And %1 searches for intervals, which may take minutes each.</source>
        <translation>另有 %1 次区间搜索，每次可能需要数分钟。</translation>
    </message>
    <message>
        <source>MB of activations</source>
        <translation>MB 激活</translation>
    </message>
    <message>
        <source>Average: over all quantized weights and the activations of one image; float counts 32 bit. Bit operations: multiply-accumulates times the bits of both operands, per image. Activations: all values of one image that are quantized, not the peak at one moment.</source>
        <translation>平均：针对所有量化权重和一幅图像的激活；浮点按 32 位计。位运算：每幅图像的乘加次数乘以两个操作数的位宽。激活：一幅图像的所有量化值之和，而非某一时刻的峰值。</translation>
    </message>
    <message>
        <source>Edges between layers of unlike precision: each is a conversion on an integer device, and many of them can take more time than narrow layers save. It can be changed later beside the plot.</source>
        <translation>精度不同的层之间的边：在整数设备上每条边都是一次转换，转换过多所花的时间可能超过窄层节省的时间。之后可以在图旁更改。</translation>
    </message>
    <message>
        <source>Con&amp;versions</source>
        <translation>转换(&amp;V)</translation>
    </message>
</context>
<context>
    <name>quantoscope::SensitivityDialog</name>
    <message>
        <source>Measure sensitivity</source>
        <translation>测量敏感度</translation>
    </message>
    <message>
        <source>&amp;Parts:</source>
        <translation>部分(&amp;P)：</translation>
    </message>
    <message>
        <source>&amp;Only this quantized: what it costs</source>
        <translation>仅量化此部分：代价(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;All but this quantized: what leaving it in float saves</source>
        <translation>量化其余所有部分：保留浮点挽回的损失(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Weights and activations separately, too</source>
        <translation>权重与激活也分别测量(&amp;W)</translation>
    </message>
    <message>
        <source>Measure:</source>
        <translation>测量：</translation>
    </message>
    <message>
        <source>Only this at:</source>
        <translation>仅此部分的位数：</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>&amp;Images:</source>
        <translation>图像(&amp;I)：</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>开始(&amp;S)</translation>
    </message>
    <message>
        <source>Choose at least one thing to measure.</source>
        <translation>请至少选择一项测量。</translation>
    </message>
    <message>
        <source>Choose at least one precision.</source>
        <translation>请至少选择一种精度。</translation>
    </message>
    <message>
        <source>%1 measurements on %2 images: %3 passes over them, about %4 after the calibration. Cancel keeps what is finished.</source>
        <translation>在 %2 张图像上进行 %1 次测量：相当于 %3 遍前向计算，校准后约需 %4。取消会保留已完成的部分。</translation>
    </message>
    <message>
        <source>Working out the cost…</source>
        <translation>正在估算开销…</translation>
    </message>
</context>
<context>
    <name>quantoscope::SensitivityPlot</name>
    <message>
        <source>Sensitivity</source>
        <translation>敏感度</translation>
    </message>
    <message>
        <source>KL divergence [nats]</source>
        <translation>KL 散度 [nat]</translation>
    </message>
    <message>
        <source>Changed predictions [%]</source>
        <translation>改变的预测 [%]</translation>
    </message>
    <message>
        <source>Top-1 lost [points]</source>
        <translation>Top-1 损失 [百分点]</translation>
    </message>
    <message>
        <source>by tap</source>
        <translation>按观测点</translation>
    </message>
    <message>
        <source>by operator</source>
        <translation>按算子</translation>
    </message>
    <message>
        <source>by block</source>
        <translation>按块</translation>
    </message>
    <message>
        <source>by type of operator</source>
        <translation>按算子类型</translation>
    </message>
    <message>
        <source>bits as set</source>
        <translation>按设定的位数</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 位</translation>
    </message>
    <message>
        <source>Run a quantized evaluation, then choose Run, Measure sensitivity to see which parts cost the most.</source>
        <translation>先运行一次量化评估，然后选择“运行”、“测量敏感度”，查看哪些部分代价最大。</translation>
    </message>
    <message>
        <source>No sensitivity was measured yet: choose Run, Measure sensitivity.</source>
        <translation>尚未测量敏感度：选择“运行”、“测量敏感度”。</translation>
    </message>
    <message>
        <source>These images have no labels: choose another figure above.</source>
        <translation>这些图像没有标签：请在上方选择其他度量。</translation>
    </message>
    <message>
        <source>Rank, most sensitive first</source>
        <translation>排名，最敏感的在前</translation>
    </message>
    <message>
        <source>Type of operator</source>
        <translation>算子类型</translation>
    </message>
    <message>
        <source>Sensitivity %1: %2</source>
        <translation>敏感度（%1）：%2</translation>
    </message>
    <message>
        <source>Images: %1. Everything quantized: KL %2, %3 of the predictions agree with float.</source>
        <translation>图像：%1。全部量化：KL %2，%3 的预测与浮点一致。</translation>
    </message>
    <message>
        <source>Top-1 %1, float %2.</source>
        <translation>Top-1 %1，浮点 %2。</translation>
    </message>
    <message>
        <source>Stopped early: %1 of %2 images, %3 measurements.</source>
        <translation>提前停止：%2 张图像中的 %1 张，%3 次测量。</translation>
    </message>
    <message>
        <source>Only this quantized:
%1</source>
        <translation>仅量化此部分：
%1</translation>
    </message>
    <message>
        <source>Only this in float,
saves: %1</source>
        <translation>仅此部分为浮点，
挽回：%1</translation>
    </message>
    <message>
        <source>Weights and activations together</source>
        <translation>权重与激活一起</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>激活</translation>
    </message>
    <message>
        <source>alone: KL %1 ± %2, %3 agree</source>
        <translation>单独：KL %1 ± %2，%3 一致</translation>
    </message>
    <message>
        <source>left in float: KL %1 ± %2, %3 agree</source>
        <translation>保留浮点：KL %1 ± %2，%3 一致</translation>
    </message>
    <message>
        <source>Measure of sensitivity</source>
        <translation>敏感度的度量</translation>
    </message>
    <message>
        <source>What is switched together</source>
        <translation>一起切换的部分</translation>
    </message>
    <message>
        <source>Bits of what is quantized alone</source>
        <translation>单独量化部分的位数</translation>
    </message>
    <message>
        <source>Sorted</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Most sensitive first instead of network order</source>
        <translation>最敏感的在前，而非网络顺序</translation>
    </message>
</context>
<context>
    <name>quantoscope::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>处理器 (CPU)</translation>
    </message>
    <message>
        <source>Graphics card (CUDA)</source>
        <translation>显卡 (CUDA)</translation>
    </message>
    <message>
        <source>CUDA needs a LibTorch built with it; opening a model says when it is missing.</source>
        <translation>CUDA 需要带 CUDA 构建的 LibTorch；缺少时打开模型会提示。</translation>
    </message>
    <message>
        <source>All cores (%1)</source>
        <translation>全部核心 (%1)</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>设备(&amp;D)</translation>
    </message>
    <message>
        <source>T&amp;hreads</source>
        <translation>线程数(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Model folder</source>
        <translation>模型文件夹(&amp;M)</translation>
    </message>
    <message>
        <source>Folder for downloaded models</source>
        <translation>下载模型的文件夹</translation>
    </message>
    <message>
        <source>The language changes when Quantoscope starts again.</source>
        <translation>语言将在 Quantoscope 下次启动时切换。</translation>
    </message>
    <message>
        <source>The open model is opened again for another device, number of threads or memory.</source>
        <translation>更换设备、线程数或内存时会重新打开当前模型。</translation>
    </message>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Activations that are kept, so that after a change only what comes behind it is computed again. More is faster.</source>
        <translation>保留的激活值：改动之后只需重新计算其后的部分。越多越快。</translation>
    </message>
    <message>
        <source>Memory for acti&amp;vations</source>
        <translation>激活值内存(&amp;V)</translation>
    </message>
    <message>
        <source>Folder of downloaded models</source>
        <translation>已下载模型的文件夹</translation>
    </message>
    <message>
        <source>&amp;Ask before very large files are opened</source>
        <translation>打开很大的文件之前先询问(&amp;A)</translation>
    </message>
    <message>
        <source>Models, runs and projects that take much of the free memory, or are far larger than usual</source>
        <translation>占用大量可用内存或远大于通常大小的模型、运行和项目</translation>
    </message>
</context>
<context>
    <name>quantoscope::SoftmaxPlot</name>
    <message>
        <source>Softmax by block</source>
        <translation>逐块 Softmax</translation>
    </message>
    <message>
        <source>Run a calibration to see the attention weights of every block.</source>
        <translation>运行校准，即可查看每个块的注意力权重。</translation>
    </message>
    <message>
        <source>This run holds no attention weights.</source>
        <translation>此次运行不含注意力权重。</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Attention weights by block against levels of %1 bit</source>
        <translation>各块的注意力权重与 %1 位量化级</translation>
    </message>
    <message>
        <source>%1 of the weights lie under 10⁻⁶.</source>
        <translation>%1 的权重低于 10⁻⁶。</translation>
    </message>
    <message>
        <source>Rows add up to 1 in float; farthest off: %1, mean |sum − 1| %2, sums %3 to %4.</source>
        <translation>浮点时各行之和为 1；偏离最大：%1，平均 |和 − 1| 为 %2，和为 %3 至 %4。</translation>
    </message>
    <message>
        <source>Attention weight</source>
        <translation>注意力权重</translation>
    </message>
    <message>
        <source>uniform levels over 0 to 1</source>
        <translation>0 至 1 的均匀量化级</translation>
    </message>
    <message>
        <source>log2 levels</source>
        <translation>log2 量化级</translation>
    </message>
    <message>
        <source>Sum of a quantized row</source>
        <translation>量化后每行之和</translation>
    </message>
    <message>
        <source>sums %1 to %2: %3 of %4 rows</source>
        <translation>和 %1 至 %2：%3 行，共 %4 行</translation>
    </message>
    <message>
        <source>%1 to %2: %3 of the values</source>
        <translation>%1 至 %2：占数值的 %3</translation>
    </message>
    <message>
        <source>mean |sum − 1| %1</source>
        <translation>平均 |和 − 1| %1</translation>
    </message>
    <message>
        <source>Softmax</source>
        <translation>Softmax</translation>
    </message>
</context>
<context>
    <name>quantoscope::SpreadController</name>
    <message>
        <source>Repeat with other calibration &amp;images…</source>
        <translation>用其他校准图像重复(&amp;I)…</translation>
    </message>
    <message>
        <source>A list names the calibration images, so all draws would be equal: clear it first.</source>
        <translation>校准图像由列表指定，所有抽样都会相同：请先清空列表。</translation>
    </message>
    <message>
        <source>How much the accuracy depends on which calibration images are drawn, and on how many</source>
        <translation>准确率在多大程度上取决于抽取了哪些、多少张校准图像</translation>
    </message>
</context>
<context>
    <name>quantoscope::SpreadPlot</name>
    <message>
        <source>Published: %1</source>
        <translation>发表值：%1</translation>
    </message>
    <message>
        <source>Published: %1 on 50,000 images (%2).</source>
        <translation>发表值：在 50,000 张图像上为 %1（%2）。</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>离散程度</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Agreement with float</source>
        <translation>与浮点的一致率</translation>
    </message>
    <message>
        <source>KL divergence from float</source>
        <translation>与浮点的 KL 散度</translation>
    </message>
    <message>
        <source>How much does the accuracy depend on the calibration images? Run → Repeat with other calibration images… finds out.</source>
        <translation>准确率在多大程度上取决于校准图像？使用“运行 → 用其他校准图像重复…”即可得知。</translation>
    </message>
    <message>
        <source>These images are of unknown class: look at the agreement with float instead.</source>
        <translation>这些图像的类别未知：请改看与浮点的一致率。</translation>
    </message>
    <message>
        <source>These runs hold no float result to compare with: look at top-1 instead.</source>
        <translation>这些运行没有可供比较的浮点结果：请改看 Top-1。</translation>
    </message>
    <message>
        <source>Calibration images</source>
        <translation>校准图像数</translation>
    </message>
    <message>
        <source>Top-1 [%]</source>
        <translation>Top-1 [%]</translation>
    </message>
    <message>
        <source>Agreement [%]</source>
        <translation>一致率 [%]</translation>
    </message>
    <message>
        <source>KL divergence from float [nats]</source>
        <translation>与浮点的 KL 散度 [nat]</translation>
    </message>
    <message>
        <source>Float model</source>
        <translation>浮点模型</translation>
    </message>
    <message>
        <source>%1, batches of %2</source>
        <translation>%1，每批 %2 张</translation>
    </message>
    <message>
        <source>Mean with 95 % interval</source>
        <translation>均值与 95 % 区间</translation>
    </message>
    <message>
        <source>One draw</source>
        <translation>一次抽样</translation>
    </message>
    <message>
        <source>converged at %1</source>
        <translation>在 %1 处收敛</translation>
    </message>
    <message>
        <source>%1 over the number of calibration images: %2</source>
        <translation>%1 随校准图像数的变化：%2</translation>
    </message>
    <message>
        <source>Batches of %1: </source>
        <translation>每批 %1 张： </translation>
    </message>
    <message>
        <source>%1 images: %2 draws, mean %3, %4 to %5</source>
        <translation>%1 张图像：%2 次抽样，均值 %3，%4 至 %5</translation>
    </message>
    <message>
        <source>, standard deviation %1</source>
        <translation>，标准差 %1</translation>
    </message>
    <message>
        <source>Converged at %1 images: from there on the mean stays within these draws.</source>
        <translation>在 %1 张图像处收敛：此后均值一直处于这些抽样的范围之内。</translation>
    </message>
    <message>
        <source>Other sizes would tell from how many images on it stays.</source>
        <translation>换用其他数量才能看出从多少张图像起保持稳定。</translation>
    </message>
    <message>
        <source>Not converged at fewer images.</source>
        <translation>图像更少时未收敛。</translation>
    </message>
    <message>
        <source>All on the same %1 images.</source>
        <translation>全部在相同的 %1 张图像上评估。</translation>
    </message>
    <message>
        <source>Float model: %1.</source>
        <translation>浮点模型：%1。</translation>
    </message>
    <message>
        <source>Left out: partial runs (%1).</source>
        <translation>未计入：部分完成的运行（%1）。</translation>
    </message>
    <message>
        <source>%1 calibration images in batches of %2, seed %3</source>
        <translation>%1 张校准图像，每批 %2 张，种子 %3</translation>
    </message>
    <message>
        <source>top-1 %1</source>
        <translation>top-1 %1</translation>
    </message>
    <message>
        <source>%1 as float</source>
        <translation>%1 与浮点一致</translation>
    </message>
    <message>
        <source>KL %1 nats</source>
        <translation>KL %1 nat</translation>
    </message>
    <message>
        <source>What the draws are judged by</source>
        <translation>评判抽样的指标</translation>
    </message>
</context>
<context>
    <name>quantoscope::StabilityPlot</name>
    <message>
        <source>Stability</source>
        <translation>稳定性</translation>
    </message>
    <message>
        <source>Run a calibration to see how much its ranges depend on the images.</source>
        <translation>运行一次校准，即可查看其范围对图像的依赖程度。</translation>
    </message>
    <message>
        <source>This run holds no resampled calibrations; run it again to get them.</source>
        <translation>此运行没有重采样的校准；重新运行即可得到。</translation>
    </message>
    <message>
        <source>Ranges by layer, and where other calibration images would have led</source>
        <translation>各层的范围，以及换用其他校准图像会得到的结果</translation>
    </message>
    <message>
        <source>Range max − min</source>
        <translation>范围（最大值 − 最小值）</translation>
    </message>
    <message>
        <source>90 % of the resampled calibrations</source>
        <translation>90 % 的重采样校准</translation>
    </message>
    <message>
        <source>Float range</source>
        <translation>浮点范围</translation>
    </message>
    <message>
        <source>Quantized range</source>
        <translation>量化范围</translation>
    </message>
    <message>
        <source>Of its range [%]</source>
        <translation>占自身范围 [%]</translation>
    </message>
    <message>
        <source>Clipped [%]</source>
        <translation>截断 [%]</translation>
    </message>
    <message>
        <source>Clipped values</source>
        <translation>被截断的数值</translation>
    </message>
    <message>
        <source>%1 calibrations on images drawn with replacement (seed %2). Most unstable: %3, whose scale lies within a band of %4 of itself in 90 % of them.</source>
        <translation>%1 次校准，图像为有放回抽取（种子 %2）。最不稳定的是 %3：其中 90 % 的缩放因子落在宽度为自身 %4 的区间内。</translation>
    </message>
    <message>
        <source>Converged at %1 of %2 images.</source>
        <translation>在第 %1 张图像处收敛，共 %2 张。</translation>
    </message>
    <message>
        <source>Not converged: the last batch still moved %1 of %2 layers by more than 1 %.</source>
        <translation>尚未收敛：最后一批仍使 %1 层（共 %2 层）变动超过 1 %。</translation>
    </message>
    <message>
        <source>float range %1</source>
        <translation>浮点范围 %1</translation>
    </message>
    <message>
        <source>quantized range %1</source>
        <translation>量化范围 %1</translation>
    </message>
    <message>
        <source>resampled %1 to %2, a band of %3</source>
        <translation>重采样 %1 至 %2，带宽 %3</translation>
    </message>
    <message>
        <source>lower end %1 to %2, upper end %3 to %4</source>
        <translation>下端 %1 至 %2，上端 %3 至 %4</translation>
    </message>
    <message>
        <source>clipped %1</source>
        <translation>截断 %1</translation>
    </message>
    <message>
        <source>clipped %1 of the calibration values</source>
        <translation>校准数值中截断 %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::TableController</name>
    <message>
        <source>Cells of the result table</source>
        <translation>结果表的单元格</translation>
    </message>
    <message>
        <source>Run → Result table… measures the tables of papers, published values beside measured ones.</source>
        <translation>“运行 → 结果表…”测量论文中的表：已发表的数值与实测数值并列。</translation>
    </message>
    <message>
        <source>Open the cell&apos;s run</source>
        <translation>打开单元格的运行</translation>
    </message>
    <message>
        <source>Export table…</source>
        <translation>导出表格…</translation>
    </message>
    <message>
        <source>As Markdown, CSV or HDF5</source>
        <translation>导出为 Markdown、CSV 或 HDF5</translation>
    </message>
    <message>
        <source>Every cell is a run: shows its ranges, errors and images (Enter)</source>
        <translation>每个单元格都是一次运行：显示其范围、误差和图像（回车）</translation>
    </message>
    <message>
        <source>Select a finished cell first.</source>
        <translation>请先选择一个已完成的单元格。</translation>
    </message>
    <message>
        <source>Result &amp;table…</source>
        <translation>结果表(&amp;T)…</translation>
    </message>
    <message>
        <source>Models and methods of a paper: published values beside measured ones</source>
        <translation>论文的模型和方法：已发表数值与实测数值并列</translation>
    </message>
    <message>
        <source>Export table</source>
        <translation>导出表格</translation>
    </message>
    <message>
        <source>Markdown (*.md);;CSV (*.csv);;HDF5 (*.h5)</source>
        <translation>Markdown (*.md);;CSV (*.csv);;HDF5 (*.h5)</translation>
    </message>
</context>
<context>
    <name>quantoscope::TableDialog</name>
    <message>
        <source>Result table</source>
        <translation>结果表</translation>
    </message>
    <message>
        <source>Tables of papers</source>
        <translation>论文中的表</translation>
    </message>
    <message>
        <source>&amp;Tables</source>
        <translation>表(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Add a file…</source>
        <translation>添加文件(&amp;A)…</translation>
    </message>
    <message>
        <source>A table of your own: a suite as JSON</source>
        <translation>自定义表：JSON 格式的套件</translation>
    </message>
    <message>
        <source>Suite</source>
        <translation>套件</translation>
    </message>
    <message>
        <source>Suites (*.json)</source>
        <translation>套件 (*.json)</translation>
    </message>
    <message>
        <source>Folder of the checkpoints</source>
        <translation>检查点文件夹</translation>
    </message>
    <message>
        <source>&amp;Checkpoints</source>
        <translation>检查点(&amp;C)</translation>
    </message>
    <message>
        <source>Folder of the images</source>
        <translation>图像文件夹</translation>
    </message>
    <message>
        <source>&amp;Images</source>
        <translation>图像(&amp;I)</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>At &amp;most</source>
        <translation>最多(&amp;M)</translation>
    </message>
    <message>
        <source>Folder of the finished cells</source>
        <translation>已完成单元格的文件夹</translation>
    </message>
    <message>
        <source>Every finished cell is a run file there; what is there already is not run again</source>
        <translation>每个完成的单元格都是其中的一个运行文件；已有的不会再运行</translation>
    </message>
    <message>
        <source>&amp;Finished cells</source>
        <translation>已完成的单元格(&amp;F)</translation>
    </message>
    <message>
        <source>Run the table</source>
        <translation>运行此表</translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation>选择：%1</translation>
    </message>
    <message>
        <source>Choose at least one table.</source>
        <translation>请至少选择一个表。</translation>
    </message>
    <message>
        <source>Choose the folder that holds the checkpoints.</source>
        <translation>请选择存放检查点的文件夹。</translation>
    </message>
    <message>
        <source>Choose the folder of the images.</source>
        <translation>请选择图像文件夹。</translation>
    </message>
    <message>
        <source>Choose a folder for the finished cells.</source>
        <translation>请选择存放已完成单元格的文件夹。</translation>
    </message>
    <message>
        <source>Looking at weights, images and finished cells…</source>
        <translation>正在查看权重、图像和已完成的单元格…</translation>
    </message>
    <message>
        <source>%1 of %2 cells to run, %3 are there, %4 lack their weights.</source>
        <translation>共 %2 个单元格，需运行 %1 个，已有 %3 个，%4 个缺少权重。</translation>
    </message>
    <message>
        <source>About %1 at the rate of the finished cells.</source>
        <translation>按已完成单元格的速度约需 %1。</translation>
    </message>
    <message>
        <source>About %1 at a usual rate; finished cells make this better.</source>
        <translation>按常见速度约需 %1；有已完成的单元格后估计会更准确。</translation>
    </message>
</context>
<context>
    <name>quantoscope::TapErrorPlot</name>
    <message>
        <source>Layer error</source>
        <translation>层内误差</translation>
    </message>
    <message>
        <source>Run a quantized evaluation to see which channels and tokens lose the most.</source>
        <translation>运行量化评估，即可看到哪些通道和标记损失最大。</translation>
    </message>
    <message>
        <source>Select a layer in the model tree or in a plot to see the error of its channels and tokens.</source>
        <translation>在模型树或图中选择一层，即可查看其通道与标记的误差。</translation>
    </message>
    <message>
        <source>No error of %1 was measured per channel: switch on “Measure error per layer” and run again, or choose a quantized layer.</source>
        <translation>未逐通道测量 %1 的误差：请启用“测量逐层误差”后重新运行，或选择已量化的层。</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>%1: error per channel and token</source>
        <translation>%1：逐通道与逐标记误差</translation>
    </message>
    <message>
        <source>Images measured: %1.</source>
        <translation>测量图像数：%1。</translation>
    </message>
    <message>
        <source>Codes used: %1, entropy %2 bit of %3.</source>
        <translation>使用的编码：%1 个，熵 %2 位（共 %3 位）。</translation>
    </message>
    <message>
        <source>Whole network up to here</source>
        <translation>截至此层的整个网络</translation>
    </message>
    <message>
        <source>This layer alone</source>
        <translation>仅此层</translation>
    </message>
    <message>
        <source>alone %1</source>
        <translation>单独 %1</translation>
    </message>
    <message>
        <source>network %1</source>
        <translation>全网 %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::TapTreeModel</name>
    <message>
        <source>Open the checkpoint of this run to change bits.</source>
        <translation>打开本次运行的权重文件即可更改位宽。</translation>
    </message>
    <message>
        <source>Only re-arranges values that another tap already quantizes, so it has no bits of its own.</source>
        <translation>仅重新排列另一观测点已量化的数值，因此没有自己的位宽。</translation>
    </message>
    <message>
        <source>Nothing in this group can be switched.</source>
        <translation>此组中没有可切换的项。</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>%1 values, %2 channels</source>
        <translation>%1 个数值，%2 个通道</translation>
    </message>
    <message>
        <source>F float, 8, 6, 4 bits, R what the recipe says</source>
        <translation>F 浮点，8、6、4 位宽，R 按量化方案</translation>
    </message>
    <message>
        <source>Changed against the recipe</source>
        <translation>已偏离量化方案</translation>
    </message>
    <message>
        <source>Blocks, operators and weights in order of execution</source>
        <translation>按执行顺序排列的块、算子和权重</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Bits of this value; float means not quantized</source>
        <translation>此数值的位宽；浮点表示未量化</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>位宽</translation>
    </message>
    <message>
        <source>Quantizer, observer and granularity</source>
        <translation>量化器、观测器和粒度</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Signal to quantization noise ratio of this tap&apos;s own rounding and clipping: 10 log10(Σx² / Σ(x−y)²); larger is better</source>
        <translation>此观测点自身舍入与截断的信号量化噪声比：10 log10(Σx² / Σ(x−y)²)；越大越好</translation>
    </message>
    <message>
        <source>SQNR of the value in the quantized network against the float network: includes all errors before it</source>
        <translation>量化网络中该数值相对浮点网络的 SQNR：包含之前的所有误差</translation>
    </message>
    <message>
        <source>Cosine similarity to float, isolated, mean over images</source>
        <translation>与浮点的余弦相似度，孤立测量，对图像取平均</translation>
    </message>
    <message>
        <source>Cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>Mean squared error against float, isolated</source>
        <translation>相对浮点的均方误差，孤立测量</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>Smallest value seen in calibration</source>
        <translation>校准中出现的最小值</translation>
    </message>
    <message>
        <source>Minimum</source>
        <translation>最小值</translation>
    </message>
    <message>
        <source>Largest value seen in calibration</source>
        <translation>校准中出现的最大值</translation>
    </message>
    <message>
        <source>Maximum</source>
        <translation>最大值</translation>
    </message>
    <message>
        <source>SQNR [dB]</source>
        <translation>SQNR [dB]</translation>
    </message>
    <message>
        <source>Net SQNR [dB]</source>
        <translation>全网 SQNR [dB]</translation>
    </message>
    <message>
        <source>KL divergence of the predictions from float when only this is quantized: of the tap, or of the operator or block that was measured with it</source>
        <translation>仅量化此部分时预测相对浮点的 KL 散度：属于该观测点，或与其一起测量的算子或块</translation>
    </message>
    <message>
        <source>KL alone</source>
        <translation>单独 KL</translation>
    </message>
    <message>
        <source>Predicted, not measured: the new levels laid over the histogram that the run stored</source>
        <translation>预测值，未实测：将新的量化级放到运行存储的直方图上</translation>
    </message>
    <message>
        <source>Predicted, not measured: the measured rounding error scaled with the square of the step</source>
        <translation>预测值，未实测：实测的舍入误差按步长的平方缩放</translation>
    </message>
    <message>
        <source>Float: no error of its own</source>
        <translation>浮点：自身没有误差</translation>
    </message>
    <message>
        <source>Nothing is stored that predicts this change; run to measure</source>
        <translation>存储的数据无法预测此更改；请运行以实测</translation>
    </message>
</context>
<context>
    <name>quantoscope::Texts</name>
    <message>
        <source>input image</source>
        <translation>输入图像</translation>
    </message>
    <message>
        <source>embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>position embedding</source>
        <translation>位置嵌入</translation>
    </message>
    <message>
        <source>LayerNorm output</source>
        <translation>LayerNorm 输出</translation>
    </message>
    <message>
        <source>query/key/value</source>
        <translation>查询/键/值</translation>
    </message>
    <message>
        <source>attention operand</source>
        <translation>注意力操作数</translation>
    </message>
    <message>
        <source>attention scores</source>
        <translation>注意力分数</translation>
    </message>
    <message>
        <source>attention weights (softmax)</source>
        <translation>注意力权重（softmax）</translation>
    </message>
    <message>
        <source>attention context</source>
        <translation>注意力上下文</translation>
    </message>
    <message>
        <source>projection output</source>
        <translation>投影输出</translation>
    </message>
    <message>
        <source>fc1 output</source>
        <translation>fc1 输出</translation>
    </message>
    <message>
        <source>GELU output</source>
        <translation>GELU 输出</translation>
    </message>
    <message>
        <source>class token</source>
        <translation>类别 token</translation>
    </message>
    <message>
        <source>logits</source>
        <translation>logits</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>, integer LayerNorm</source>
        <translation>，整数 LayerNorm</translation>
    </message>
    <message>
        <source>log2</source>
        <translation>log2</translation>
    </message>
    <message>
        <source>log-int-softmax</source>
        <translation>log-int-softmax</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>逐通道</translation>
    </message>
    <message>
        <source>per tensor</source>
        <translation>逐张量</translation>
    </message>
    <message>
        <source>symmetric %1, %2</source>
        <translation>对称 %1，%2</translation>
    </message>
    <message>
        <source>uniform %1, %2</source>
        <translation>均匀 %1，%2</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>块 %1</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>分类头</translation>
    </message>
    <message>
        <source>Opening the model</source>
        <translation>正在打开模型</translation>
    </message>
    <message>
        <source>Evaluating in float</source>
        <translation>正在评估浮点模型</translation>
    </message>
    <message>
        <source>Calibrating</source>
        <translation>正在校准</translation>
    </message>
    <message>
        <source>Evaluating quantized</source>
        <translation>正在评估量化模型</translation>
    </message>
    <message>
        <source>Measuring the error per layer</source>
        <translation>正在测量逐层误差</translation>
    </message>
    <message>
        <source>The request contradicts itself.</source>
        <translation>请求自相矛盾。</translation>
    </message>
    <message>
        <source>Something that was asked for does not exist.</source>
        <translation>请求的内容不存在。</translation>
    </message>
    <message>
        <source>A file is damaged or is not what its name says.</source>
        <translation>文件已损坏，或内容与其名称不符。</translation>
    </message>
    <message>
        <source>The file is in order, but this program cannot handle what is in it.</source>
        <translation>文件完好，但本程序无法处理其内容。</translation>
    </message>
    <message>
        <source>The given data cannot be used.</source>
        <translation>给定的数据无法使用。</translation>
    </message>
    <message>
        <source>A file could not be read or written.</source>
        <translation>文件无法读取或写入。</translation>
    </message>
    <message>
        <source>Stopped on request.</source>
        <translation>已按要求停止。</translation>
    </message>
    <message>
        <source>The program met a situation that it did not expect. Finished results are kept.</source>
        <translation>程序遇到意外情况。已完成的结果予以保留。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>MinMax: extremes over all calibration batches</source>
        <translation>MinMax：所有校准批次的极值</translation>
    </message>
    <message>
        <source>EMA: running average of batch extremes; depends on the order and size of batches</source>
        <translation>EMA：各批次极值的滑动平均；取决于批次的顺序和大小</translation>
    </message>
    <message>
        <source>Percentile: running average of the 99.999 % quantiles of batches; depends on their order and size</source>
        <translation>Percentile：各批次 99.999% 分位数的滑动平均；取决于批次的顺序和大小</translation>
    </message>
    <message>
        <source>OMSE: of 90 shrunk ranges the one with the least squared error in the last batch</source>
        <translation>OMSE：在 90 个收缩范围中，取最后一个批次平方误差最小者</translation>
    </message>
    <message>
        <source>bicubic</source>
        <translation>双三次</translation>
    </message>
    <message>
        <source>bilinear</source>
        <translation>双线性</translation>
    </message>
    <message>
        <source>shorter side %1 px %2, centre %3 px, mean %4, deviation %5</source>
        <translation>短边 %1 像素 %2，中心 %3 像素，均值 %4，标准差 %5</translation>
    </message>
    <message>
        <source>relative position bias</source>
        <translation>相对位置偏置</translation>
    </message>
    <message>
        <source>residual stream</source>
        <translation>残差流</translation>
    </message>
    <message>
        <source>mean of the tokens</source>
        <translation>token 均值</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>正在检查</translation>
    </message>
    <message>
        <source>Between blocks</source>
        <translation>块之间</translation>
    </message>
    <message>
        <source>twin uniform (%1)</source>
        <translation>双均匀（%1）</translation>
    </message>
    <message>
        <source>per head</source>
        <translation>每个注意力头</translation>
    </message>
    <message numerus="yes">
        <source>in %n groups</source>
        <translation>
            <numerusform>分 %n 组</numerusform>
        </translation>
    </message>
    <message>
        <source>Searching intervals</source>
        <translation>正在搜索区间</translation>
    </message>
    <message>
        <source>Measuring sensitivity</source>
        <translation>正在测量敏感度</translation>
    </message>
    <message>
        <source>PTQ-for-iTPN: weights and the outputs of linear layers and attention; LayerNorm and residual sums stay float</source>
        <translation>PTQ-for-iTPN：权重以及线性层和注意力的输出；LayerNorm 与残差和保持浮点</translation>
    </message>
    <message>
        <source>TensorFlow port of FQ-ViT: PTF and LIS, squashed pictures, log2 codes without a limit</source>
        <translation>FQ-ViT 的 TensorFlow 移植：PTF 与 LIS，压缩图片，log2 编码无上限</translation>
    </message>
    <message>
        <source>TinyNeuralNetwork, everything quantized: torch histogram, one scale per tensor</source>
        <translation>TinyNeuralNetwork，全部量化：torch 直方图，每个张量一个缩放因子</translation>
    </message>
    <message>
        <source>TinyNeuralNetwork Mixed_1: additions and LayerNorm stay float</source>
        <translation>TinyNeuralNetwork Mixed_1：加法与 LayerNorm 保持浮点</translation>
    </message>
    <message>
        <source>TinyNeuralNetwork Mixed_2: additions, LayerNorm and fc2 of blocks 4 and 5 stay float</source>
        <translation>TinyNeuralNetwork Mixed_2：加法、LayerNorm 以及第 4、5 块的 fc2 保持浮点</translation>
    </message>
    <message>
        <source>TensorRT: inputs of convolution, linear layers and the query-key product; symmetric, entropy calibration</source>
        <translation>TensorRT：卷积、线性层和查询-键乘积的输入；对称，熵校准</translation>
    </message>
    <message>
        <source>BasePTQ of PTQ4ViT: operands of linear layers and matrix products, symmetric, intervals searched</source>
        <translation>PTQ4ViT 的 BasePTQ：线性层和矩阵乘的操作数，对称，搜索区间</translation>
    </message>
    <message>
        <source>PTQ4ViT: twin uniform quantizers for softmax and GELU outputs, intervals searched</source>
        <translation>PTQ4ViT：softmax 与 GELU 输出使用双均匀量化器，搜索区间</translation>
    </message>
    <message>
        <source>both sides %1 px %2, centre %3 px, mean %4, deviation %5</source>
        <translation>两边 %1 px %2，中心 %3 px，均值 %4，标准差 %5</translation>
    </message>
    <message>
        <source>LayerNorm inputs</source>
        <translation>LayerNorm 输入</translation>
    </message>
    <message>
        <source>all: %1</source>
        <comment>taps of one role</comment>
        <translation>全部：%1</translation>
    </message>
    <message>
        <source>Output channel</source>
        <translation>输出通道</translation>
    </message>
    <message>
        <source>Head</source>
        <comment>attention head</comment>
        <translation>注意力头</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>Reading attention maps</source>
        <translation>正在读取注意力图</translation>
    </message>
    <message>
        <source>Least squared error: operands of matrix products, weights per channel, twin grids for softmax and GELU</source>
        <translation>最小平方误差：量化矩阵乘法的操作数，权重逐通道，softmax 和 GELU 用双均匀网格</translation>
    </message>
    <message>
        <source>Result table</source>
        <translation>结果表</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>head %1</source>
        <translation>注意力头 %1</translation>
    </message>
    <message>
        <source>%1, head %2</source>
        <translation>%1，注意力头 %2</translation>
    </message>
    <message>
        <source>channel %1</source>
        <translation>通道 %1</translation>
    </message>
    <message>
        <source>distillation token</source>
        <translation>蒸馏 token</translation>
    </message>
    <message>
        <source>window %1, row %2, column %3</source>
        <translation>窗口 %1，第 %2 行，第 %3 列</translation>
    </message>
    <message>
        <source>patch in row %1, column %2</source>
        <translation>第 %1 行、第 %2 列的图像块</translation>
    </message>
    <message>
        <source>token %1</source>
        <translation>标记 %1</translation>
    </message>
</context>
<context>
    <name>quantoscope::WorstPanel</name>
    <message>
        <source>Images with the largest error</source>
        <translation>误差最大的图像</translation>
    </message>
    <message>
        <source>Channels with the largest error</source>
        <translation>误差最大的通道</translation>
    </message>
    <message>
        <source>Which error</source>
        <translation>哪种误差</translation>
    </message>
    <message>
        <source>Error of this layer alone</source>
        <translation>仅本层的误差</translation>
    </message>
    <message>
        <source>Error of the network up to here</source>
        <translation>网络至此的误差</translation>
    </message>
    <message>
        <source>%1 of the error · %2 dB</source>
        <translation>占误差 %1 · %2 dB</translation>
    </message>
    <message>
        <source>%1 %2: %3</source>
        <comment>channel, index, figures</comment>
        <translation>%1 %2：%3</translation>
    </message>
    <message>
        <source>Nothing is lost here, or it was not measured.</source>
        <translation>此处没有损失，或未测量。</translation>
    </message>
    <message>
        <source>No error per image: this is a weight, or the run is of an earlier version.</source>
        <translation>没有逐图像的误差：这是权重，或该运行来自早期版本。</translation>
    </message>
</context>
<context>
    <name>quantoscope::SearchLimitBox</name>
    <message>
        <source>at most </source>
        <translation>最多 </translation>
    </message>
    <message>
        <source> conversions</source>
        <translation> 次转换</translation>
    </message>
    <message>
        <source>any conversions</source>
        <translation>转换次数不限</translation>
    </message>
    <message>
        <source>Most conversions between precisions</source>
        <translation>精度之间转换次数的上限</translation>
    </message>
    <message>
        <source>Edges between layers of unlike precision: each is a conversion on an integer device. The front within the limit follows from what was measured; Enter makes the marked point the plan.</source>
        <translation>精度不同的层之间的边：在整数设备上每条边都是一次转换。限制内的前沿由已有的测量得出；按回车键将标记的点设为方案。</translation>
    </message>
    <message>
        <source>This search was made on another model: open its checkpoint first.</source>
        <translation>此搜索属于另一个模型：请先打开其检查点。</translation>
    </message>
    <message>
        <source>Search for mixed precision first.</source>
        <translation>请先搜索混合精度。</translation>
    </message>
</context>
</TS>

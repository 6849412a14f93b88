// SPDX-License-Identifier: GPL-3.0-or-later
// Taps by a few words, as people name them: "all fc2 of blocks 4-7", "linear weights", "softmax block 3".
#pragma once

#include "core/base/result.h"
#include "core/data/graph.h"

#include <string>
#include <vector>

namespace quantoscope {

/// Switchable taps that the words mean, as indices into Graph::taps in order of execution. Words in any order and case:
///   - "block 3", "blocks 4-7", "blocks 0-2, 9": only these blocks (running index over all stages);
///   - "weights", "activations": only these;
///   - an operator ("linear", "layer_norm", "softmax") or a role ("residual", "attention_weights"), see name();
///   - part of a path between dots ("fc2", "mlp.fc2", "attn.q*"), with * and ?; failing that, letters inside one.
/// Several words of one kind are alternatives; kinds are combined. "all", "every", "the", "of", "in" and "and" say nothing.
/// Errors: Usage (no words; a word that means nothing in this model; a block that it does not have).
[[nodiscard]] Result<std::vector<int>> findTaps(const Graph &graph, const std::string &words);

/// The words that the filter knows besides paths and blocks and that fit some tap of the model, for completion.
[[nodiscard]] std::vector<std::string> tapFilterWords(const Graph &graph);

} // namespace quantoscope

// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/parity/fq_names.h"

#include <map>

namespace quantoscope::testing {

std::string tapOfFqModule(const std::string &module, int depth)
{
    static const std::map<std::string, std::string> outer = {
        {"qact_input", "input"},
        {"patch_embed.proj", "patch_embed.proj.weight"},
        {"patch_embed.qact", "patch_embed.proj"},
        {"qact_embed", "embed"},
        {"qact_pos", "pos_embed"},
        {"qact1", "embed_sum"},
        {"qact2", "norm"},
        {"head", "head.weight"},
        {"act_out", "head"},
    };
    static const std::map<std::string, std::string> inner = {
        {"qact1", "norm1"},
        {"attn.qkv", "attn.qkv.weight"},
        {"attn.qact1", "attn.qkv"},
        {"attn.qact_attn1", "attn.scores"},
        {"attn.log_int_softmax", "attn.softmax"},
        {"attn.qact2", "attn.context"},
        {"attn.proj", "attn.proj.weight"},
        {"attn.qact3", "attn.proj"},
        {"qact2", "residual1"},
        {"qact3", "norm2"},
        {"mlp.fc1", "mlp.fc1.weight"},
        {"mlp.qact1", "mlp.gelu"},
        {"mlp.fc2", "mlp.fc2.weight"},
        {"mlp.qact2", "mlp.fc2"},
        {"qact4", "residual2"},
    };
    if (module.rfind("blocks.", 0) != 0) {
        const auto found = outer.find(module);
        return found == outer.end() ? std::string() : found->second;
    }
    const size_t dot = module.find('.', 7);
    const int block = std::stoi(module.substr(7, dot - 7));
    const auto found = inner.find(module.substr(dot + 1));
    return found == inner.end() || block >= depth ? std::string() : module.substr(0, dot + 1) + found->second;
}

QuantizationRequest requestOfFqConfig(const std::string &config)
{
    QuantizationRequest request;
    request.recipe = config.substr(0, config.find_first_of("+/"));
    request.ptf = config.find("ptf") != std::string::npos;
    request.lis = config.find("lis") != std::string::npos;
    request.bits.attention = request.lis ? 4 : 8;
    return request;
}

} // namespace quantoscope::testing

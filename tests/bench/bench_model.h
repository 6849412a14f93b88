// SPDX-License-Identifier: GPL-3.0-or-later
// The main job on one model: decoding, calibration, forward passes, evaluation from files.
#pragma once

#include "core/pipeline/calibration.h"
#include "core/pipeline/session.h"

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace quantoscope::bench {

struct ModelSizes {
    int images = 100;
    int calibration = 100;
    double seconds = 3; ///< least time behind each rate
    int repeats = 3;    ///< of passes that are compared with each other
    bool oneRecipe = false;
};

class ModelBench {
public:
    /// Decodes the pictures. Errors: of the pipeline.
    [[nodiscard]] static Result<ModelBench> open(RunRequest request, const ModelSizes &sizes);

    [[nodiscard]] nlohmann::ordered_json decoding() const;
    /// Calibration of all observers in one pass against a float pass over the same files in the same batches.
    [[nodiscard]] Result<nlohmann::ordered_json> calibration();
    /// Rates of forward passes on crops in memory, against the machine's matrix rate in the model's shapes.
    [[nodiscard]] Result<nlohmann::ordered_json> forward(int batch);
    [[nodiscard]] Result<nlohmann::ordered_json> evaluation();
    /// What a batch of crops asks of a device, by mode.
    [[nodiscard]] Result<nlohmann::ordered_json> traffic(int batch);

    [[nodiscard]] const ModelPtr &model() const { return m_model; }
    [[nodiscard]] Executor &executor() { return *m_executor; }
    [[nodiscard]] double gflop() const; ///< matrix operations of one image
    [[nodiscard]] std::span<const float> pixels(int images) const;
    /// Float; after calibration() also MinMax, alone and with PTF and LIS.
    [[nodiscard]] const std::vector<std::pair<std::string, ExecutionMode>> &modes() const { return m_modes; }

private:
    RunRequest m_request;
    ModelSizes m_sizes;
    ModelPtr m_model;
    std::unique_ptr<Executor> m_executor;
    ResolvedImages m_data;
    std::vector<float> m_pixels;
    size_t m_perImage = 0;
    double m_decodingSeconds = 0;
    std::vector<std::pair<std::string, ExecutionMode>> m_modes;
};

} // namespace quantoscope::bench

// SPDX-License-Identifier: GPL-3.0-or-later
// What the cells of a result table are made from: weights found by name, one list of images for all, and their hashes.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/imaging/image_set.h"
#include "core/pipeline/result_cell.h"
#include "core/pipeline/result_queue.h"

#include <map>
#include <string>
#include <vector>

namespace quantoscope {

struct WeightsFile {
    std::string path;     ///< file or folder; empty: there is none
    std::string expected; ///< the names that were looked for
};
/// A suite's own file name, else the published file's, else `<model>` with a usual ending or as a folder.
[[nodiscard]] WeightsFile findWeights(const std::string &folder, const SuiteModel &model);

/// About how many multiply-accumulates a cell is.
struct CellCost {
    double calibrate = 0;
    double search = 0;
    double evaluate = 0;
    [[nodiscard]] double total() const { return calibrate + search + evaluate; }
    /// Of the total, what is done when `phase` is where it is; 0..1.
    [[nodiscard]] double shareOf(const Progress &phase) const;
};
/// `calibrates`: no earlier cell of the same model leaves its calibration behind.
[[nodiscard]] CellCost cellCost(const SuiteModel &model, const SuiteMethod &method, int64_t images,
                                int64_t calibrationImages, bool calibrates);

/// Hashes each file once. Progress: "hash".
class FileHasher {
public:
    explicit FileHasher(RunControl control) : m_control(std::move(control)) {}
    /// Errors: Cancelled. A file that cannot be read gets an empty hash.
    [[nodiscard]] Result<HashedImages> images(const ImageSet &set);
    /// As ModelInfo::sha256. Errors: of WeightsFiles::find and sha256OfFiles; Cancelled.
    [[nodiscard]] Result<std::string> weights(const std::string &path);

private:
    RunControl m_control;
    std::map<std::string, std::string> m_files; ///< image path -> SHA-256
    std::map<std::string, Result<std::string>> m_weights;
};

/// The calibration images that all cells of a suite share.
struct SuiteImages {
    CalibrationRequest request; ///< names exactly these images
    ImageSet set;
    HashedImages hashes;
    int batch = 0;
};
/// Errors: of resolveCalibration; Cancelled. Adds a note where there are fewer images than the suite asks for.
[[nodiscard]] Result<SuiteImages> suiteImages(const TableRequest &request, const Suite &suite, FileHasher &hasher,
                                              std::vector<std::string> &notes);

} // namespace quantoscope

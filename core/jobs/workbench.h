// SPDX-License-Identifier: GPL-3.0-or-later
// The window's only door to the core: requests go in, finished values come out as signals on the caller's thread.
#pragma once

#include "core/base/result.h"
#include "core/base/run_control.h"
#include "core/data/graph.h"
#include "core/data/model_info.h"
#include "core/data/precision_search.h"
#include "core/data/preflight.h"
#include "core/data/result_table.h"
#include "core/data/run_record.h"
#include "core/jobs/job_info.h"
#include "core/pipeline/calibration_draws.h"
#include "core/pipeline/requests.h"

#include <QList>
#include <QObject>
#include <QString>

#include <memory>

namespace quantoscope {

struct OpenedModel {
    ModelInfo info;
    Graph graph;
};
using OpenedModelPtr = std::shared_ptr<const OpenedModel>;
using RunRecordPtr = std::shared_ptr<const RunRecord>;
using PreflightReportPtr = std::shared_ptr<const PreflightReport>;
using PrecisionSearchPtr = std::shared_ptr<const PrecisionSearchResult>;
using ResultTablePtr = std::shared_ptr<const ResultTable>;

/// A built-in suite as a user chooses it.
struct SuiteTitle {
    QString name;
    QString title;
    QString source; ///< of the published values
};

/// A result table before anything of it runs.
struct TablePlan {
    ResultTablePtr table;
    size_t pending = 0;           ///< cells to run
    double seconds = 0;           ///< that they take, about
    bool rateIsMeasured = false;  ///< by cells that are there; else a usual rate
    std::vector<std::string> notes;
};

/// Lives on the GUI thread; owns one worker thread that does requests in order. All functions return at once.
/// Destroying it cancels the running job and waits for the current batch to end.
class Workbench : public QObject {
    Q_OBJECT
public:
    explicit Workbench(QObject *parent = nullptr);
    ~Workbench() override;

    void openModel(const ModelRequest &request);
    /// Checks before a calibration what `request` says: ends with preflightFinished. Its float result serves later runs.
    void check(const RunRequest &request);
    /// Evaluates, calibrates and analyses as the request says. The float result and calibration statistics of earlier
    /// runs on the same model and images are reused.
    /// `partial`, if set, is the unfinished record of an earlier attempt: what fits of it is not repeated.
    void start(const RunRequest &request, RunRecordPtr partial = nullptr);
    /// What repeating a request with other calibration images takes: ends with drawsEstimated or drawsRefused. `measured`
    /// as for drawsCost(); may be null.
    void estimateDraws(const RunRequest &request, const CalibrationDraws &draws, RunRecordPtr measured);
    /// Starts a run for each draw. Errors: of drawRequests(), and nothing is started.
    [[nodiscard]] Result<void> startDraws(const RunRequest &request, const CalibrationDraws &draws);
    /// The request behind a run again: the one stored with it, else put together from the record. Fails with BadInput when
    /// the weights are no longer those of the run.
    void repeat(const RunRecordPtr &run);
    /// A job that a former session left, to be resumed by the user. `base` as for measure().
    void addPaused(const JobRequest &request, RunRecordPtr partial = nullptr, RunRecordPtr base = nullptr);
    /// What the request's sensitivity will cost: ends with sensitivityEstimated.
    void estimateSensitivity(const RunRequest &request);
    /// Measures the request's sensitivity and attention maps without evaluating. They are added to `base` when that is of
    /// the same quantized model (same id: it is replaced), else to a run of their own; ends with runFinished.
    void measure(const RunRequest &request, RunRecordPtr base);
    /// What a search would cost, or why it cannot be made: ends with searchEstimated or searchRefused.
    void estimateSearch(const PlanSearchRequest &request);
    /// Searches mixed precision: searchUpdated when the front is there and after every point that was run on images, then
    /// searchFinished.
    void search(const PlanSearchRequest &request);
    [[nodiscard]] static QList<SuiteTitle> knownSuites();
    /// What a table would run: ends with tablePlanned or tableRefused. TableRequest::suiteNames count, not `suites`.
    void planTable(const TableRequest &request);
    /// Runs the cells of a table that are not there yet: tableUpdated after each, then tableFinished.
    void runTable(const TableRequest &request);
    /// Writes a table; the suffix decides: .md, .csv or .h5. Ends with runExported.
    void exportTable(ResultTablePtr table, const QString &path);
    /// Writes the result of a search (JSON).
    void exportSearch(PrecisionSearchPtr result, const QString &path);
    /// Writes a run as a job (JSON), which `quantoscope-cli batch` and other machines run.
    void exportJob(const RunRequest &request, const QString &path);
    /// Writes the model of a run as ONNX (core/onnx/onnx_export.h): ends with onnxExported. Where another model is open, the
    /// run's own is opened beside it.
    void exportOnnx(RunRecordPtr run, const QString &path);
    /// Reads the result of a search and announces it by searchFinished.
    void openSearch(const QString &path);
    /// Writes a finished run (HDF5).
    void exportRun(RunRecordPtr run, const QString &path);
    /// Reads a run file and announces it by runFinished.
    void openRun(const QString &path);
    /// Asks the running job to stop within one batch; waiting jobs are cancelled, too. A partial result still arrives.
    void cancel();

    /// In order: the next to run first; those that ended are behind in the order of their end, the last few only.
    [[nodiscard]] QList<JobInfo> jobs() const;
    /// Moves a waiting or paused job to `position` among those that are waiting or paused.
    void moveJob(int id, int position);
    /// A waiting job waits until it is resumed; a running one stops behind its batch and goes on there when resumed, while
    /// others may run. Only for JobInfo::resumable ones.
    void pauseJob(int id);
    void resumeJob(int id); ///< paused, cancelled or failed; behind those that wait
    void cancelJob(int id);
    void clearEndedJobs();
    /// The next run is named after this number: restored runs keep their names.
    void continueNumbers(int highest);
    /// Unfinished records of jobs that can be resumed, for the recovery copy; null where nothing was finished.
    [[nodiscard]] RunRecordPtr partialOf(int id) const;
    [[nodiscard]] bool isBusy() const; ///< something runs or waits to run

Q_SIGNALS:
    void busyChanged(bool busy);
    void jobsChanged();                ///< another list, order or state
    void jobProgressed(int id);        ///< of the running job
    void partialChanged(int id);       ///< the running job's unfinished record is newer
    void progressed(const quantoscope::Progress &progress);
    void modelOpened(quantoscope::OpenedModelPtr model);
    void sensitivityEstimated(const quantoscope::SensitivityCost &cost);
    void preflightFinished(quantoscope::PreflightReportPtr report);
    /// Something of a running job is ready to be shown (float result, calibration, each finished phase).
    void runUpdated(quantoscope::RunRecordPtr run);
    /// A few times a second while a run calibrates: the ranges so far, see RunContinuation::calibrating.
    void calibrationUpdated(quantoscope::RunRecordPtr run);
    void runFinished(quantoscope::RunRecordPtr run);
    void runExported(const QString &path);
    void drawsEstimated(const quantoscope::DrawsCost &cost);
    void drawsRefused(const quantoscope::Error &error); ///< by estimateDraws
    void searchEstimated(const quantoscope::PlanSearchCost &cost);
    void searchRefused(const quantoscope::Error &error); ///< by estimateSearch
    void searchUpdated(quantoscope::PrecisionSearchPtr result);
    void searchFinished(quantoscope::PrecisionSearchPtr result);
    void fileWritten(const QString &path); ///< by exportSearch or exportJob
    void onnxExported(const QString &path, int notExpressed); ///< taps of which the file cannot say all
    void tablePlanned(const quantoscope::TablePlan &plan);
    void tableRefused(const quantoscope::Error &error); ///< by planTable
    void tableUpdated(quantoscope::ResultTablePtr table);
    void tableFinished(quantoscope::ResultTablePtr table);
    void failed(const quantoscope::Error &error);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace quantoscope

Q_DECLARE_METATYPE(quantoscope::Progress)
Q_DECLARE_METATYPE(quantoscope::SensitivityCost)
Q_DECLARE_METATYPE(quantoscope::DrawsCost)
Q_DECLARE_METATYPE(quantoscope::OpenedModelPtr)
Q_DECLARE_METATYPE(quantoscope::RunRecordPtr)
Q_DECLARE_METATYPE(quantoscope::PreflightReportPtr)
Q_DECLARE_METATYPE(quantoscope::PlanSearchCost)
Q_DECLARE_METATYPE(quantoscope::PrecisionSearchPtr)
Q_DECLARE_METATYPE(quantoscope::ResultTablePtr)
Q_DECLARE_METATYPE(quantoscope::TablePlan)

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "core/io/run_file.h"
#include "views/plots/run_report.h"

#include <cstdio>

namespace quantoscope::cli {

int writeReport(const ReportArguments &arguments)
{
    auto run = readRunFile(arguments.runFile);
    if (!run)
        return report(run.error());
    RunReport document(std::make_shared<const RunRecord>(std::move(*run)));
    while (!arguments.out.ends_with(".csv") && document.drawNext()) {
    }
    if (const auto written = document.write(QString::fromStdString(arguments.out)); !written)
        return report(written.error());
    std::fprintf(stderr, "wrote %s\n", arguments.out.c_str());
    return kSuccess;
}

} // namespace quantoscope::cli

// SPDX-License-Identifier: GPL-3.0-or-later
// Starts libexec/quantoscope/<own name>-program with the environment that the numerical libraries want.
// They read it while they are loaded, before any code of the program itself could set it. A user's own setting wins.
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

namespace {

/// The flag is the program's; here it decides which kernels the libraries pick.
bool wantsReferenceArithmetic(char **argv)
{
    for (; *argv; ++argv)
        if (std::strcmp(*argv, "--reference-arithmetic") == 0)
            return true;
    return false;
}

void prepareLibraryEnvironment(char **argv)
{
    // OpenMP threads that spin while they wait slow everything else down as soon as cores are shared with a window or
    // another program.
    setenv("OMP_WAIT_POLICY", "passive", 0);
    // Matrix products sum in an order that depends on the instruction set; the published programs' reference values were
    // made with AVX2 kernels.
    if (wantsReferenceArithmetic(argv)) {
        setenv("OPENBLAS_CORETYPE", "Haswell", 0);
        setenv("ATEN_CPU_CAPABILITY", "avx2", 0);
        setenv("DNNL_MAX_CPU_ISA", "AVX2", 0);
    }
}

} // namespace

int main(int, char **argv)
{
    char own[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
    if (length <= 0) {
        std::perror("quantoscope: /proc/self/exe");
        return 1;
    }
    const std::string self(own, static_cast<size_t>(length));
    const size_t slash = self.rfind('/');
    const std::string program = self.substr(0, slash) + "/../libexec/quantoscope" + self.substr(slash) + "-program";
    prepareLibraryEnvironment(argv);
    execv(program.c_str(), argv);
    std::fprintf(stderr, "%s: cannot be started: %s\n", program.c_str(), std::strerror(errno));
    return 1;
}

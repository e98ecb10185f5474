// SPDX-License-Identifier: Apache-2.0
#include "proxy/admin/process_facts.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cosdiag::admin {

ProcessFacts read_process_facts()
{
    constexpr double micro = 1e-6;
    ProcessFacts facts;
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) == 0)
        facts.cpu_seconds = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                            static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * micro;
    std::uint64_t pages = 0;
    if (std::ifstream statm("/proc/self/statm"); statm >> pages >> pages)
        facts.resident = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::error_code unreadable;
    const std::filesystem::directory_iterator open("/proc/self/fd", unreadable);
    if (!unreadable)
        facts.descriptors = static_cast<std::uint64_t>(std::distance(begin(open), end(open)));
    rlimit most{};
    if (::getrlimit(RLIMIT_NOFILE, &most) == 0)
        facts.most_descriptors = most.rlim_cur;
    return facts;
}

} // namespace cosdiag::admin

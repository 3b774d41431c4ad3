/* Where this build keeps its programs, seen from a unit test. */
#pragma once
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "<build>/bin/<name>" for a test that runs as "<build>/tests/unit/x". */
static inline const char *program_path(const char *name)
{
    static char path[PATH_MAX + 64];
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (n < 0)
        return name;
    path[n] = '\0';
    for (int i = 0; i < 3; i++) {
        char *slash = strrchr(path, '/');
        if (slash)
            *slash = '\0';
    }
    snprintf(path + strlen(path), 64, "/bin/%s", name);
    return path;
}

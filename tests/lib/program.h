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
    /* up to the build folder, from tests/unit/x or dev/x */
    for (char *slash; (slash = strrchr(path, '/')) != NULL;) {
        *slash = '\0';
        char lib[PATH_MAX + 96];
        snprintf(lib, sizeof lib, "%s/libcomptoir.a", path);
        if (access(lib, F_OK) == 0)
            break;
    }
    snprintf(path + strlen(path), 64, "/bin/%s", name);
    return path;
}

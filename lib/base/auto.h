/* Block-long resources: released when the variable leaves its block.
 * Request-long ones go to the arena instead. */
#pragma once
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

static inline void auto_fd_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
static inline void auto_file_close(FILE **f)
{
    if (*f)
        fclose(*f);
}
static inline void auto_json_free(json_t **j)
{
    json_decref(*j);
}
#define AUTO_FD   __attribute__((cleanup(auto_fd_close))) int
#define AUTO_FILE __attribute__((cleanup(auto_file_close))) FILE *
#define AUTO_JSON __attribute__((cleanup(auto_json_free))) json_t *

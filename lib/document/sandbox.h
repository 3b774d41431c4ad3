/* What a child that reads hostile files gives up before it starts. */
#pragma once
#include <stdbool.h>
#include "base/attr.h"

/* Exit codes of a child; docs/SANDBOX.md explains each. */
enum sandbox_exit {
    SANDBOX_DONE = 0,       /* its result says how it went */
    SANDBOX_NO_MEMORY = 70, /* arena.c */
    SANDBOX_NO_CAGE = 71,   /* the sandbox could not be closed */
    SANDBOX_TOO_MUCH = 72   /* more text than a result may hold */
};

/* Prepares filter and path rules once, in the parent, so that closing the
 * sandbox costs a child microseconds. False (logged) when impossible. */
MUST_CHECK bool sandbox_init(void);
/* Closes the sandbox around this process for good: limits, user, no new
 * privileges, paths, every descriptor but 0, 1 and 2, system calls. False when any step failed: exit. */
MUST_CHECK bool sandbox_enter(unsigned cpu_s);
/* Landlock ABI in use, 0 when the kernel has none (then no file opens). */
int sandbox_landlock(void);

/* One process of a family, from start to death. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define SECOND_US 1000000LL

enum { COMPANION = -1 }; /* its slot */

/* What all processes of a family are made from. */
struct child_family {
    const char *family, *companion, *environment;
    char *const *program;
    int processes;
    int nice; /* 0, or how far its responders stand back (1-19) */
    int pair[2]; /* 0: the companion's end, 1: the responders' */
};

struct child {
    pid_t pid; /* 0 = not running */
    int slot;  /* COMPTOIR_SLOT, or COMPANION */
    int64_t started_us, start_at_us;
    int64_t term_at_us, kill_at_us; /* 0 = not asked to end */
    int64_t free_deaths_us;         /* clock at which the burst is unused */
    int64_t backoff_us;
    bool failed; /* its last life ended by itself, and badly */
};

/* Forks and runs c's program; when that fails c->start_at_us is a second
 * away. Everything here is logged with the family's name. */
void child_start(struct child *c, const struct child_family *of);
/* c gets TERM at the next child_press, KILL after grace_us. */
void child_ask_to_end(struct child *c, int64_t grace_us);
/* Sends what is due at now (clock_mono_us) to a process asked to end. */
void child_press(struct child *c, const struct child_family *of, int64_t now);
/* c has ended with status (of waitpid): says when it may start again. */
void child_ended(struct child *c, const struct child_family *of, int status);
/* Resident memory of pid in KiB, 0 when it cannot be told. */
int64_t child_kib(pid_t pid);

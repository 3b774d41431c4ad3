/* The requests in hand and the children that work on them. */
#pragma once
#include <poll.h>
#include <sys/resource.h>
#include <sys/types.h>
#include "document/wire.h"

enum {
    REQUESTS_MAX = 64,
    CHILDREN_MAX = 64,
    REQUEST_POLLS = REQUESTS_MAX /* reply sockets to watch */
};

/* cores: page readers at once. */
void requests_init(unsigned cores);
/* Takes a received request and its descriptors (closed in time). */
void requests_add(const struct wire_request *req, const int *fds, size_t n_fds);
/* Starts what may start; answers what is finished. */
void requests_work(void);
/* A child ended, or a prover has done its work (status 0). */
void requests_reaped(pid_t pid, int status, const struct rusage *used);
/* Fills p with the reply sockets to watch; returns how many. */
size_t requests_polls(struct pollfd *p);
/* The responder behind this reply socket has gone. */
void requests_hung_up(int fd);
/* Kills what is over its time; returns milliseconds to the next deadline,
 * -1 when there is none. */
int requests_expire(void);
/* How many requests are in hand. */
size_t requests_count(void);

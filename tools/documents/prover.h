/* Children that prove reports, kept for many proofs: what they read was
 * drawn by us, never sent. Each lives in the sandbox like any other child and
 * gets its work in memory shared with the parent. */
#pragma once
#include <poll.h>
#include <sys/types.h>
#include "document/wire.h"

enum { PROVERS_MAX = 8 };

/* most: how many may work at once. None is started before it is needed. */
void prover_init(unsigned most);
/* Gives a PROVE request's files to a prover; its pid, or 0 when none is free,
 * none can be started or the files are too large: fork a child as for any
 * other request. The outcome goes to the memfd result. */
pid_t prover_take(const int *files, int result);
/* Fills p (PROVERS_MAX) with the sockets of working provers. */
size_t prover_polls(struct pollfd *p);
/* The prover behind this socket says something: its pid when a proof is
 * done (its outcome is in the memfd then), else 0. */
pid_t prover_heard(int sock);
/* This process is about to be killed: no more work for it. */
void prover_doom(pid_t pid);
/* This process has ended. */
void prover_reaped(pid_t pid);

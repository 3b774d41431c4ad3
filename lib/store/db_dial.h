/* Connecting to the database. A url may name several servers ("host=a,b", as
 * libpq has it); the one that takes writes is wanted. They are tried one by
 * one, each for its share of the time: libpq, told of all of them at once and
 * asked without blocking, would stay with a host that keeps silent. */
#pragma once
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

struct db_dial;

/* url: a libpq connection string or URI; label: the connection's name for the
 * server. Both are copied; the result lives in memory. */
RETURNS_NONNULL struct db_dial *db_dial_new(struct arena *memory,
                                            const char *url, const char *label);
/* How long all its servers may take, one after the other, in microseconds. */
int64_t db_dial_us(const struct db_dial *d);
/* A connection, the caller's to PQfinish, within us microseconds; begins with
 * the server that was connected to last. When none can be had, that of the
 * last try: its PQstatus is not CONNECTION_OK. */
PGconn *db_dial(struct db_dial *d, int64_t us);
/* Waits until the connection's socket has the events of poll(2); false when
 * the deadline (clock_mono_us) comes first. A socket that is gone is ready:
 * libpq will say what happened. */
bool db_dial_ready(const PGconn *conn, short events, int64_t deadline);

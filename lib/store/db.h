/* One PostgreSQL connection per process, statements prepared when first
 * used and again after a reconnect. */
#pragma once
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

/* A named statement from sql/queries (made by tools/dev/sql2h.awk). */
struct db_query {
    const char *name, *text;
};

struct db;

/* Connects lazily to url (libpq connection string or URI); never NULL. role
 * ("api", "ctl") names the connection comptoir/<role> and, where the database
 * has a role comptoir_<role>, limits its rights to that. */
RETURNS_NONNULL struct db *db_open(const char *url, const char *role);
void db_close(struct db *db);
/* From now on connecting and statements wait so many milliseconds in all (0:
 * as long as the server lets them), whatever the server does: an answer that
 * is late is ERR_UNAVAILABLE, and the connection is given up. */
void db_patience(struct db *db, int64_t ms);
/* Runs q with n text parameters (NULL = SQL NULL). *out is deferred to a.
 * ERR_UNAVAILABLE when the database does not answer (backs off by itself),
 * ERR_CONFLICT for unique violations and (55000) changes that a state forbids,
 * ERR_NOT_FOUND for P0002, ERR_INTERNAL for the rest; logged. */
MUST_CHECK enum err db_many(struct db *db, struct arena *a,
                            const struct db_query *q, size_t n,
                            const char *const *params, PGresult **out);
/* As db_many for exactly one row: ERR_NOT_FOUND when there is none. */
MUST_CHECK enum err db_one(struct db *db, struct arena *a,
                           const struct db_query *q, size_t n,
                           const char *const *params, PGresult **out);
MUST_CHECK enum err db_exec(struct db *db, struct arena *a,
                            const struct db_query *q, size_t n,
                            const char *const *params);
/* Sends a SELECT ahead, so that the server works on it while the caller does
 * something else; db_many or db_one with the same statement and parameters
 * then takes its answer, and any other call throws it away. Does nothing when
 * that cannot be had at once; a failure shows when the answer is taken. */
void db_ahead(struct db *db, const struct db_query *q, size_t n,
              const char *const *params);
/* Transactions end in the function that began them. One that meets a plan
 * which a migration outdated fails with ERR_UNAVAILABLE; after its rollback
 * the same statements work. */
MUST_CHECK enum err db_begin(struct db *db);
MUST_CHECK enum err db_commit(struct db *db);
void db_rollback(struct db *db);
/* Runs the text of an SQL file (several statements) in the transaction that
 * is open: migrations only. The server's message is logged. */
MUST_CHECK enum err db_script(struct db *db, const char *name,
                              const char *text);
/* SQLSTATE and message of the last failure, values left out ("42P01: relation
 * ... does not exist"), for reports to the operator; until the next one. */
RETURNS_NONNULL const char *db_said(const struct db *db);
/* The transaction that is open, or the next one, serves the tables of a
 * tenant. A backend remembers every table it saw, so one that served many
 * tenants is left for a new one, between transactions. */
void db_visit(struct db *db, int64_t tenant_id);
/* The connection's socket, for poll; -1 without a connection. */
int db_socket(const struct db *db);
/* Takes one notification (LISTEN) that came; false when there is none left.
 * *payload, when wanted, is owned by a. Ask until false before sleeping: the
 * socket tells nothing of what libpq has read already. A connection that is
 * gone is given up. */
bool db_heard(struct db *db, struct arena *a, const char **payload);
/* In a process just forked: the connection stays the parent's, the next
 * statement opens one of this process's own. */
void db_forget(struct db *db);
/* Statements of this process that failed (but for unique violations), and
 * times that the database could not be reached. */
uint64_t db_failures(void);
/* True when a trivial query answers within a second. */
bool db_ping(struct db *db);

/* Each server has its own list of parameters, made once. */
#include "store/db_dial.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"

enum { SERVERS_MAX = 8, PARAMS_MAX = 64, SERVER_US = 2000000 };

struct params {
    const char *keys[PARAMS_MAX], *values[PARAMS_MAX];
    size_t n;
};

struct db_dial {
    struct params servers[SERVERS_MAX];
    size_t n, first; /* the one that was connected to last */
};

/* ---- what the url says -------------------------------------------------- */

static void set(struct params *p, const char *key, const char *value)
{
    if (p->n + 1 >= PARAMS_MAX)
        return;
    p->keys[p->n] = key;
    p->values[p->n++] = value;
}

/* What the url says comes behind these, and wins. */
static void set_ours(struct params *p, const char *label)
{
    set(p, "connect_timeout", "2");
    set(p, "tcp_user_timeout", "5000");
    set(p, "keepalives_idle", "30");
    set(p, "target_session_attrs", "read-write");
    set(p, "gssencmode", "disable");
    set(p, "client_encoding", "UTF8");
    set(p, "application_name", label);
    set(p, "options",
        "-c statement_timeout=10s -c lock_timeout=2s"
        " -c idle_in_transaction_session_timeout=15s -c datestyle=ISO");
}

/* Parameters that name one value a server, or one for all. */
static bool is_list(const char *key)
{
    return str_eq(key, "host") || str_eq(key, "hostaddr") ||
           str_eq(key, "port");
}

static size_t count_servers(const PQconninfoOption *all)
{
    size_t most = 1;
    for (const PQconninfoOption *o = all; o->keyword; o++) {
        if (!o->val || !is_list(o->keyword))
            continue;
        size_t n = 1;
        for (const char *c = o->val; *c; c++)
            n += *c == ',';
        most = n > most ? n : most;
    }
    return most < SERVERS_MAX ? most : SERVERS_MAX;
}

/* The i-th of a list; of a list of one, that. */
static const char *pick(struct arena *a, const char *list, size_t i)
{
    const char *parts[SERVERS_MAX];
    const size_t n = str_split(a, list, ',', parts, SERVERS_MAX);
    return n == 1 ? parts[0] : i < n ? parts[i] : "";
}

static void set_server(struct arena *a, struct params *p,
                       const PQconninfoOption *all, size_t i)
{
    for (const PQconninfoOption *o = all; o->keyword; o++)
        if (o->val)
            set(p, arena_strdup(a, o->keyword),
                is_list(o->keyword) ? pick(a, o->val, i)
                                    : arena_strdup(a, o->val));
}

struct db_dial *db_dial_new(struct arena *memory, const char *url,
                            const char *label)
{
    struct db_dial *d = ARENA_NEW(memory, struct db_dial);
    PQconninfoOption *all = PQconninfoParse(url, NULL);
    label = arena_strdup(memory, label);
    d->n = all ? count_servers(all) : 1;
    for (size_t i = 0; i < d->n; i++) {
        set_ours(&d->servers[i], label);
        if (all)
            set_server(memory, &d->servers[i], all, i);
        else /* libpq will say what is wrong with it */
            set(&d->servers[i], "dbname", arena_strdup(memory, url));
    }
    PQconninfoFree(all);
    return d;
}

/* ---- connecting --------------------------------------------------------- */

int64_t db_dial_us(const struct db_dial *d)
{
    return SERVER_US * (int64_t)d->n;
}

bool db_dial_ready(const PGconn *conn, short events, int64_t deadline)
{
    for (;;) {
        const int64_t left = deadline - clock_mono_us();
        struct pollfd p = {.fd = PQsocket(conn), .events = events};
        if (left <= 0)
            return false;
        if (p.fd < 0 ||
            (poll(&p, 1, (int)(left / 1000) + 1) < 0 && errno != EINTR) ||
            p.revents)
            return true;
    }
}

static PGconn *try(const struct params *p, int64_t us)
{
    const int64_t deadline = clock_mono_us() + us;
    PGconn *conn = PQconnectStartParams(p->keys, p->values, 1);
    PostgresPollingStatusType s = PGRES_POLLING_WRITING;
    while (PQstatus(conn) != CONNECTION_BAD && s != PGRES_POLLING_OK &&
           s != PGRES_POLLING_FAILED &&
           db_dial_ready(conn, s == PGRES_POLLING_READING ? POLLIN : POLLOUT,
                         deadline))
        s = PQconnectPoll(conn);
    return conn;
}

PGconn *db_dial(struct db_dial *d, int64_t us)
{
    const int64_t deadline = clock_mono_us() + us;
    PGconn *conn = NULL;
    for (size_t i = 0; i < d->n; i++) {
        const size_t at = (d->first + i) % d->n;
        PQfinish(conn);
        conn = try(&d->servers[at],
                   (deadline - clock_mono_us()) / (int64_t)(d->n - i));
        if (PQstatus(conn) != CONNECTION_OK)
            continue;
        d->first = at;
        break;
    }
    return conn;
}

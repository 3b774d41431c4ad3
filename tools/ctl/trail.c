/* The audit trail: is it whole, by the database's reckoning, by our own over
 * the exported rows, and by the heads that were kept elsewhere? */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/str.h"
#include "ctl.h"
#include "domain/audit_chain.h"
#include "domain/audit_heads.h"
#include "sql/audit_list.h"

enum { LINES = 50, LINES_MOST = 10000, FINDINGS_MOST = 20 };

/* What is compared while the trail goes by. */
struct reckoning {
    struct ctl *c;
    struct audit_chain_walk walk;
    struct audit_heads *files; /* heads that were kept, by file */
    size_t n_files;
    int64_t entries, chains;
    int findings;
};

static int refused(void)
{
    return ctl_fail("The database refused; the log line says why.");
}

static void find_fault(struct reckoning *k, int64_t chain, int64_t seq,
                       const char *problem)
{
    k->findings++;
    if (k->findings <= FINDINGS_MOST)
        printf("FAIL  chain %lld, entry %lld: %s\n", (long long)chain,
               (long long)seq, problem);
}

static int64_t cell(const PGresult *res, int row, int column)
{
    int64_t v = 0;
    return str_to_i64(PQgetvalue(res, row, column), &v) ? v : 0;
}

/* ---- by the database ------------------------------------------------------
 */

static bool ask_database(struct reckoning *k)
{
    enum { CHAIN, ENTRIES, HEAD_SEQ, HEAD_HASH, BAD_SEQ, PROBLEM };
    PGresult *heads, *res;
    if (db_many(k->c->db, k->c->a, &SQL_AUDIT_LIST_HEADS, 0, NULL, &heads))
        return false;
    k->chains = PQntuples(heads);
    for (int i = 0; i < PQntuples(heads); i++) {
        const char *const params[] = {PQgetvalue(heads, i, 0)};
        if (db_one(k->c->db, k->c->a, &SQL_AUDIT_LIST_VERIFY, 1, params, &res))
            return false;
        if (!PQgetisnull(res, 0, PROBLEM))
            find_fault(k, cell(res, 0, CHAIN), cell(res, 0, BAD_SEQ),
                       PQgetvalue(res, 0, PROBLEM));
    }
    return true;
}

/* ---- by ourselves ---------------------------------------------------------
 */

static int by_place(const void *x, const void *y)
{
    const struct audit_head *a = x, *b = y;
    if (a->chain != b->chain)
        return a->chain < b->chain ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* A head that was kept must still be there as it was; one that was met gets
 * seq 0. */
static void compare_heads(struct reckoning *k, int64_t chain, int64_t seq,
                          const char *hash)
{
    const struct audit_head wanted = {.chain = chain, .seq = seq};
    for (size_t i = 0; i < k->n_files; i++) {
        struct audit_heads *f = &k->files[i];
        struct audit_head *h =
            bsearch(&wanted, f->heads, f->n, sizeof *h, by_place);
        if (!h)
            continue;
        if (!str_eq(h->hash, hash))
            find_fault(k, chain, seq,
                       arena_printf(k->c->a,
                                    "it is another than on %s: the chain was "
                                    "written anew",
                                    f->made_at));
        h->hash[0] = '\0';
    }
}

static bool take_row(struct reckoning *k, struct arena *a, const PGresult *res,
                     int row)
{
    enum { CHAIN, SEQ, MICROS, ACTOR, EVENT, SUBJECT, FACTS, PREV, HASH };
    struct audit_chain_entry e = {.chain = cell(res, row, CHAIN),
                                  .seq = cell(res, row, SEQ),
                                  .micros = cell(res, row, MICROS),
                                  .actor = PQgetvalue(res, row, ACTOR),
                                  .event = PQgetvalue(res, row, EVENT),
                                  .subject = PQgetvalue(res, row, SUBJECT),
                                  .facts = PQgetvalue(res, row, FACTS)};
    if (!audit_chain_from_hex(PQgetvalue(res, row, PREV), e.prev) ||
        !audit_chain_from_hex(PQgetvalue(res, row, HASH), e.hash))
        return false;
    const char *problem = audit_chain_step(a, &k->walk, &e);
    if (problem)
        find_fault(k, e.chain, e.seq,
                   arena_printf(k->c->a, "%s (reckoned outside)", problem));
    compare_heads(k, e.chain, e.seq, PQgetvalue(res, row, HASH));
    k->entries++;
    return true;
}

static bool reckon(struct reckoning *k)
{
    char chain[24] = "-1", seq[24] = "0";
    const char *const params[] = {chain, seq};
    struct arena *a = arena_new(1 << 20);
    PGresult *res;
    bool good;
    int n = 0;
    k->walk.chain = -1;
    do {
        arena_reset(a);
        good =
            db_many(k->c->db, a, &SQL_AUDIT_LIST_EXPORT, 2, params, &res) == OK;
        n = good ? PQntuples(res) : 0;
        for (int i = 0; good && i < n; i++)
            good = take_row(k, a, res, i);
        snprintf(chain, sizeof chain, "%lld", (long long)k->walk.chain);
        snprintf(seq, sizeof seq, "%lld", (long long)k->walk.seq);
    } while (good && n > 0);
    arena_free(a);
    return good;
}

/* Heads that were kept and not met: their entries are gone. */
static void tell_missing(struct reckoning *k)
{
    for (size_t i = 0; i < k->n_files; i++)
        for (size_t j = 0; j < k->files[i].n; j++) {
            const struct audit_head *h = &k->files[i].heads[j];
            if (h->hash[0])
                find_fault(k, h->chain, h->seq,
                           arena_printf(k->c->a,
                                        "it was there on %s and is gone: the "
                                        "end was cut off",
                                        k->files[i].made_at));
        }
}

/* --heads FILE...: those that are well signed. */
static bool read_heads(struct reckoning *k, int argc, char **argv)
{
    const char *bad = audit_heads_init();
    k->files = ARENA_ARRAY(k->c->a, (size_t)argc, struct audit_heads);
    for (int i = 0; !bad && i < argc; i++) {
        size_t n;
        struct audit_heads *f = &k->files[k->n_files++];
        const char *text = ctl_file(k->c, argv[i], &n);
        if (!text)
            return false;
        bad = audit_heads_read(k->c->a, text, n, f);
        if (bad)
            bad = arena_printf(k->c->a, "%s: %s.", argv[i], bad);
        else
            qsort(f->heads, f->n, sizeof *f->heads, by_place);
    }
    if (bad)
        ctl_fail("%s", bad);
    return !bad;
}

int trail_verify(struct ctl *c)
{
    struct reckoning k = {.c = c};
    if (c->argc > 0 && (c->argc < 2 || !str_eq(c->argv[0], "--heads"))) {
        ctl_fail("verify takes nothing, or --heads and files of heads.");
        return CTL_USAGE;
    }
    if (c->argc > 0 && !read_heads(&k, c->argc - 1, c->argv + 1))
        return CTL_FAILED;
    if (!ask_database(&k) || !reckon(&k))
        return refused();
    tell_missing(&k);
    printf("%lld entries in %lld chains, %d that do not hold", //
           (long long)k.entries, (long long)k.chains, k.findings);
    printf(k.n_files ? "; compared with %zu kept earlier.\n"
                     : "; without heads kept earlier, a cut end cannot be "
                       "seen.\n",
           k.n_files);
    return k.findings ? CTL_FAILED : CTL_OK;
}

/* ---- heads and lists ------------------------------------------------------
 */

static bool load_heads(struct ctl *c, PGresult **res, struct audit_heads *out)
{
    if (db_many(c->db, c->a, &SQL_AUDIT_LIST_HEADS, 0, NULL, res))
        return false;
    out->n = (size_t)PQntuples(*res);
    out->heads = ARENA_ARRAY(c->a, out->n, struct audit_head);
    for (size_t i = 0; i < out->n; i++) {
        struct audit_head *h = &out->heads[i];
        h->chain = cell(*res, (int)i, 0);
        h->seq = cell(*res, (int)i, 1);
        snprintf(h->hash, sizeof h->hash, "%s", PQgetvalue(*res, (int)i, 2));
        out->made_at = PQgetvalue(*res, (int)i, 3);
    }
    return true;
}

/* Whole or not at all: written beside and moved into place. */
static int keep_file(struct ctl *c, const char *path, const char *text)
{
    const char *beside = arena_printf(c->a, "%s.new", path);
    AUTO_FD fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const size_t n = strlen(text);
    if (fd < 0 || write(fd, text, n) != (ssize_t)n || fsync(fd) < 0 ||
        rename(beside, path) < 0)
        return ctl_fail("%s cannot be written.", path);
    printf("%s\n", path);
    return CTL_OK;
}

static int sign_heads(struct ctl *c, const struct audit_heads *h,
                      const char *folder)
{
    const char *bad = audit_heads_init();
    if (bad)
        return ctl_fail("%s", bad);
    const char *text = audit_heads_write(c->a, h);
    if (!text)
        return ctl_fail("AUDIT_SIGNING_KEY is not set; make one with openssl "
                        "rand -base64 32.");
    return keep_file(
        c, arena_printf(c->a, "%s/audit-heads-%.10s.json", folder, h->made_at),
        text);
}

int trail_head(struct ctl *c)
{
    struct audit_heads h = {.n = 0};
    PGresult *res;
    const bool signs = c->argc == 2 && str_eq(c->argv[0], "--sign");
    if (c->argc && !signs) {
        ctl_fail("head takes nothing, or --sign and a folder.");
        return CTL_USAGE;
    }
    if (!load_heads(c, &res, &h))
        return refused();
    if (!h.n)
        return ctl_fail("The trail is empty.");
    if (signs)
        return sign_heads(c, &h, c->argv[1]);
    ctl_table(res);
    return CTL_OK;
}

int trail_list(struct ctl *c)
{
    int64_t lines = LINES, chain;
    PGresult *res;
    if (c->argc > 2 ||
        (c->argc > 0 && (!str_to_i64(c->argv[0], &lines) || lines < 1 ||
                         lines > LINES_MOST)) ||
        (c->argc > 1 && (!str_to_i64(c->argv[1], &chain) || chain < 0))) {
        ctl_fail("list takes how many lines, and the number of a chain.");
        return CTL_USAGE;
    }
    const char *const params[] = {c->argc > 1 ? c->argv[1] : NULL,
                                  arena_printf(c->a, "%lld", (long long)lines)};
    if (db_many(c->db, c->a, &SQL_AUDIT_LIST_TAIL, 2, params, &res))
        return refused();
    ctl_table(res);
    return CTL_OK;
}

/* Runs in the S3 store: found, fetched, proved to be what was delivered, and
 * brought back. What is read there is foreign: names and sizes are checked. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "backup_read.h"
#include "base/auto.h"
#include "base/conf.h"
#include "base/str.h"
#include "domain/backup.h"
#include "domain/invoice_record.h"
#include "operator.h"
#include "options.h"
#include "sql/backup.h"
#include "store/db_value.h"
#include "wire/seal.h"

enum { MOST = 10000, DAYS_MOST = 36500 };

static int usage(const char *sentence)
{
    ctl_fail("%s", sentence);
    return CTL_USAGE;
}

static bool begin(void)
{
    const char *bad = seal_init();
    bad = bad ? bad : s3_init();
    if (!bad && !s3_ready())
        bad = "DO_SPACES_* are not set: there is no store.";
    if (bad)
        ctl_fail("%s", bad);
    return !bad;
}

/* ---- list ------------------------------------------------------------------
 */

enum { USER, INVOICE, REF, TASK, SCAN, OPTIONS };
static const struct option wanted[] = {
    [USER] = {"--user", OPTION_TEXT}, [INVOICE] = {"--invoice", OPTION_TEXT},
    [REF] = {"--ref", OPTION_TEXT},   [TASK] = {"--task", OPTION_TEXT},
    [SCAN] = {"--in", OPTION_TEXT},   [OPTIONS] = {0}};

static int list_known(struct ctl *c, const struct backup_filter *f)
{
    struct backup_run *runs;
    size_t n;
    if (backup_find(c->db, c->a, f, MOST, &runs, &n))
        return ctl_fail("The list could not be read; the log line says why.");
    for (size_t i = 0; i < n; i++)
        printf("%s%s\t%s\t%lld files\t%lld bytes\n", runs[i].folder,
               runs[i].run_id,
               runs[i].is_uploaded ? "stored"
               : *runs[i].error    ? runs[i].error
                                   : "waits",
               (long long)runs[i].files, (long long)runs[i].bytes);
    if (n == 0)
        puts("There is no such run.");
    return CTL_OK;
}

static bool is_number(const char *s)
{
    int64_t v;
    return !s || (str_to_i64(s, &v) && v >= 0);
}

int backup_list(struct ctl *c)
{
    struct option_value v[OPTIONS];
    if (!options_read(c, wanted, v))
        return CTL_USAGE;
    const struct backup_filter f = {.user_id = v[USER].text,
                                    .invoice_id = v[INVOICE].text,
                                    .external_ref = v[REF].text,
                                    .ref_id = v[TASK].text};
    const bool scan = v[SCAN].set && str_eq(v[SCAN].text, "store");
    if (!is_number(f.user_id) || !is_number(f.invoice_id) ||
        (v[SCAN].set && !scan) || (scan && f.ref_id))
        return usage(
            "list takes --user N, --invoice N, --ref TEXT, --task ID, "
            "and --in store (without --task) to ask the store itself.");
    if (!begin())
        return CTL_FAILED;
    return scan ? backup_read_scan(c, &f) : list_known(c, &f);
}

/* ---- fetch -----------------------------------------------------------------
 */

static bool write_file(const char *path, struct bytes b)
{
    AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    size_t at = 0;
    while (fd >= 0 && at < b.n) {
        const ssize_t n = write(fd, b.p + at, b.n - at);
        if (n <= 0)
            break;
        at += (size_t)n;
    }
    if (fd >= 0 && at == b.n && fsync(fd) == 0)
        return true;
    ctl_fail("%s could not be written: %s.", path, strerror(errno));
    return false;
}

int backup_fetch(struct ctl *c)
{
    struct backup_read run;
    if (c->argc != 3 || !str_eq(c->argv[1], "--to"))
        return usage("fetch takes a run as list prints it, and --to FOLDER.");
    if (!begin() || !backup_read_run(c, c->argv[0], &run))
        return CTL_FAILED;
    const char *to = c->argv[2];
    if (mkdir(to, 0700) != 0 && errno != EEXIST)
        return ctl_fail("%s could not be made: %s.", to, strerror(errno));
    for (size_t i = 0; i < run.n; i++)
        if (!write_file(arena_printf(c->a, "%s/%s", to, run.files[i].name),
                        run.files[i].data))
            return CTL_FAILED;
    printf("%zu files, each with the size and SHA-256 of the manifest.\n",
           run.n);
    return CTL_OK;
}

/* ---- verify, restore -------------------------------------------------------
 */

/* Compares what the store has with what was delivered. */
static bool same(struct ctl *c, const struct backup_read *run,
                 struct backup_delivered *d)
{
    const enum err e =
        backup_delivered(c->db, c->a, run->folder, run->run_id, d);
    if (e == ERR_NOT_FOUND) {
        printf("%s%s: whole; the database does not know what was delivered.\n",
               run->folder, run->run_id);
        *d = (struct backup_delivered){.owner = "system"};
        return true;
    }
    if (e) {
        ctl_fail("The database refused; the log line says why.");
        return false;
    }
    if (!run->full || !run->anonymous ||
        !str_eq(run->full->sha256, d->full_sha256) ||
        !str_eq(run->anonymous->sha256, d->anonymous_sha256)) {
        ctl_fail("%s%s: the reports are not those that were delivered.",
                 run->folder, run->run_id);
        return false;
    }
    printf("%s%s: whole; both reports are byte for byte what was delivered.\n",
           run->folder, run->run_id);
    return true;
}

int backup_verify(struct ctl *c)
{
    struct backup_read run;
    struct backup_delivered d;
    int code = CTL_OK;
    if (c->argc < 1)
        return usage("verify takes runs as list prints them.");
    if (!begin())
        return CTL_FAILED;
    for (int i = 0; i < c->argc; i++)
        if (!backup_read_run(c, c->argv[i], &run) || !same(c, &run, &d))
            code = CTL_FAILED;
    return code;
}

static enum err keep(struct ctl *c, const struct backup_read *run,
                     const struct backup_delivered *d, int64_t *id)
{
    const struct invoice_record r = {.owner = d->owner,
                                     .tenant_id = d->tenant_id,
                                     .name = run->name,
                                     .is_pdf = run->is_pdf,
                                     .type = run->energy,
                                     .full = run->full->data,
                                     .anonymous = run->anonymous->data};
    struct bytes full, anonymous;
    enum err e = db_begin(c->db);
    if (e)
        return e;
    e = invoice_record_find(c->db, c->a, &r, id);
    if (e == ERR_NOT_FOUND)
        e = invoice_record_keep(c->db, c->a, &r, id);
    if (!e)
        e = invoice_record_read(c->db, c->a, *id, &full, &anonymous);
    if (!e && (full.n != r.full.n || anonymous.n != r.anonymous.n ||
               memcmp(full.p, r.full.p, full.n) != 0 ||
               memcmp(anonymous.p, r.anonymous.p, anonymous.n) != 0))
        e = ERR_INTERNAL;
    if (!e)
        return db_commit(c->db);
    db_rollback(c->db);
    return e;
}

int backup_restore(struct ctl *c)
{
    struct backup_read run;
    struct backup_delivered d;
    int64_t id;
    if (c->argc != 1)
        return usage("restore takes a run as list prints it. (A dump of the "
                     "database is brought back by: comptoirctl restore.)");
    if (!begin() || !backup_read_run(c, c->argv[0], &run) || !same(c, &run, &d))
        return CTL_FAILED;
    if (!run.full || !run.anonymous)
        return ctl_fail("The run holds no reports.");
    if (keep(c, &run, &d, &id))
        return ctl_fail("The database refused; nothing was changed.");
    printf("Invoice %lld has its reports again, read back byte for byte.\n",
           (long long)id);
    return CTL_OK;
}

/* ---- purge -----------------------------------------------------------------
 */

int backup_purge(struct ctl *c)
{
    int64_t days = conf_int(CONF_BACKUP_RUN_DAYS);
    if (c->argc > 1 || (c->argc == 1 && (!str_to_i64(c->argv[0], &days) ||
                                         days < 0 || days > DAYS_MOST)))
        return usage("purge takes a number of days, or nothing for "
                     "BACKUP_RUN_DAYS.");
    const char *const params[] = {db_value_text(c->a, days)};
    PGresult *row = operator_run(c, &SQL_BACKUP_PURGE, 1, params, "runs");
    if (!row)
        return CTL_FAILED;
    printf("%s forgotten; what is in the store stays.\n",
           PQgetvalue(row, 0, 0));
    return CTL_OK;
}

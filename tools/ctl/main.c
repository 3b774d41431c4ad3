/* The operator's program: migrations, reference data, configuration check. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "ctl.h"

enum { FILE_MAX = 16 << 20, BLOCK = 64 << 10 };

static const struct command {
    const char *noun, *verb, *args, *summary;
    ctl_command *run;
    bool needs_db;
} commands[] = {
    {"migrate", "generate", "\"MESSAGE\" [--track T]",
     "draft up and down files from what this database has more or less",
     migrate_generate, true},
    {"migrate", "upgrade", "[VERSION] [--track T] [--tenant ID]",
     "apply migrations (to the newest), tenants' too, fill reference tables; "
     "--canary ID, --max-failures N",
     migrate_upgrade, true},
    {"migrate", "downgrade", "-N|VERSION [--track T]",
     "take back the last N migrations, or down to VERSION (0: all)",
     migrate_downgrade, true},
    {"migrate", "history", "[--track T]", "applied migrations, oldest first",
     migrate_history, true},
    {"migrate", "current", "[--track T]",
     "version of the database, and of the files", migrate_current, true},
    {"migrate", "verify", "[--schemas]",
     "are applied migrations unchanged on disk, and tenants' schemas alike?",
     migrate_verify, true},
    {"migrate", "reset", "[--yes DATABASE]",
     "erase everything and migrate again (asks; never in prod)", migrate_reset,
     true},
    {"reference", "import", "DIR|FILE...",
     "replace reference tables, or merge files of the CRE, all or nothing",
     reference_import, true},
    {"reference", "history", "", "who replaced which table when",
     reference_history, true},
    {"reference", "status", "", "what is loaded, and until when it holds",
     reference_status, true},
    {"reference", "export", "ID", "the file of one import, to bring it back",
     reference_export, true},
    {"reference", "restore", "ID", "put the file of one import back",
     reference_restore, true},
    {"reference", "test-suppliers", "FILE.tsv|-",
     "load fictional suppliers (never in prod); - takes them out",
     reference_test_suppliers, true},
    {"user", "list", "[TEXT]", "the newest users, by a part of the address",
     user_list, true},
    {"user", "show", "USER", "one user: number, e-mail address or username",
     user_show, true},
    {"user", "disable", "USER", "end sessions, tokens and keys at once",
     user_disable, true},
    {"user", "enable", "USER", "let a disabled user sign in again", user_enable,
     true},
    {"user", "role", "USER user|admin", "the role in the own tenant", user_role,
     true},
    {"user", "grant-operator", "USER", "make an operator of a user",
     user_grant_operator, true},
    {"user", "revoke-operator", "USER [ROLE]", "take that role away",
     user_revoke_operator, true},
    {"user", "reset", "USER [MINUTES]", "a one-time token for a new password",
     user_reset, true},
    {"user", "end-sessions", "USER", "end every session of a user",
     user_end_sessions, true},
    {"session", "end", "ID", "end one session", user_session_end, true},
    {"key", "revoke", "ID", "a user's API key is void", user_key_revoke, true},
    {"tenant", "list", "[TEXT]", "the newest tenants, by a part of the name",
     tenant_list, true},
    {"tenant", "show", "ID", "one tenant, what it may and what it uses",
     tenant_show, true},
    {"tenant", "disable", "ID", "shut out all its users at once",
     tenant_disable, true},
    {"tenant", "enable", "ID", "let its users sign in again", tenant_enable,
     true},
    {"tenant", "tier", "ID TIER", "put it into another subscription tier",
     tenant_tier, true},
    {"tenant", "max", "ID WHAT N|-", "agree on a maximum (-: as the tier)",
     tenant_max, true},
    {"login", "failed", "[HOURS]", "who was refused at signing in",
     login_failed, true},
    {"login", "purge", "DAYS", "forget older sign-ins", login_purge, true},
    {"audit", "list", "[LINES [CHAIN]]", "the newest entries of the trail",
     trail_list, true},
    {"audit", "verify", "[--heads FILE...]", "is the trail whole?",
     trail_verify, true},
    {"audit", "head", "[--sign DIR]", "the last entry of each chain; signed",
     trail_head, true},
    {"purge", NULL, "DAYS", "forget tokens, sessions, … that ended",
     login_purge_all, true},
    {"history", "status", "", "how much is remembered of invoices, by owner",
     history_status, true},
    {"history", "purge", "[DAYS]", "forget what is older than RETENTION",
     history_purge, true},
    {"history", "forget-owner", "OWNER", "forget everything of one owner",
     history_forget_owner, true},
    {"history", "forget-point", "PDL|PCE", "forget everything of one point",
     history_forget_point, true},
    {"license", "generate", "--client NAME|--list FILE",
     "make licences; prints client: key, once (--days --plan --quota "
     "--billing --form --addresses --features --tenant --grace-hours)",
     license_generate, true},
    {"license", "import", "FILE [--plan P] [--quota Q] [--dry-run]",
     "licences for keys of the earlier system; see docs/LICENSES.md",
     license_import, true},
    {"license", "list", "[--status S] [--client TEXT]",
     "licences, without their keys", license_list, true},
    {"license", "show", "N", "everything of one licence", license_show, true},
    {"license", "suspend", "N [--reason TEXT]",
     "stop a licence for now, at once", license_suspend, true},
    {"license", "resume", "N [--reason TEXT]", "let a suspended one go on",
     license_resume, true},
    {"license", "revoke", "N [--reason TEXT]",
     "end a licence for good, at once", license_revoke, true},
    {"license", "renew", "N [--days D]", "365 days more, or D", license_renew,
     true},
    {"license", "plan", "N --plan P --quota Q --billing M",
     "change its plan, monthly quota or billing mode", license_plan, true},
    {"license", "rekey", "N [--overlap-hours H]",
     "a new key; the old one stays good for H hours", license_rekey, true},
    {"license", "expire", "",
     "a daily job: deactivate what has ended, settle old leases",
     license_expire, true},
    {"billing", "statement", "--license N --out FILE",
     "a month's statement as CSV or PDF (--month --format --language)",
     billing_statement, true},
    {"billing", "credit", "--license N --euros X",
     "add prepaid credit, or take it (--note)", billing_credit, true},
    {"billing", "ledger", "--license N|--tenant N",
     "the lines of a month (--month)", billing_ledger, true},
    {"billing", "give-back", "--charge N",
     "take a charge of the ledger back (--note)", billing_give_back, true},
    {"billing", "verify", "", "are meters and credits what the ledger says?",
     billing_verify, true},
    {"billing", "tidy", "",
     "for a timer: the month's plans, dead reservations, old answers",
     billing_tidy, true},
    {"limit", "set", "CLIENT LIMIT COUNT SECONDS UNTIL [NOTE]",
     "grant one customer a rate limit of its own until a day", limit_set, true},
    {"limit", "list", "[all]", "limits granted, and whether they hold now",
     limit_list, true},
    {"limit", "clear", "CLIENT [LIMIT]", "take back what was granted",
     limit_clear, true},
    {"webhook", "log", "[STATE]",
     "the newest webhooks: pending, delivered, failed", webhook_log, true},
    {"webhook", "failing", "", "receivers that fail, or are switched off",
     webhook_failing, true},
    {"webhook", "redeliver", "ID", "send one again, now, under its id",
     webhook_again, true},
    {"webhook", "enable", "ENDPOINT", "switch a receiver on again", webhook_on,
     true},
    {"job", "list", "[--state S] [--kind K] [--rows N]",
     "the newest jobs: ready, running, done, dead, cancelled", job_list_all,
     true},
    {"job", "show", "TASK", "one job, but not what it was given", job_show,
     true},
    {"job", "status", "", "how long the lines are; periodic work", job_status,
     true},
    {"job", "probe", "", "is a worker there, and how fast?", job_probe, true},
    {"job", "cancel", "TASK", "end a job that waits or runs", job_end, true},
    {"job", "requeue", "TASK", "a dead letter back in line", job_requeue, true},
    {"job", "requeue-all", "[--kind K] [--most N]",
     "dead letters back in line, the oldest first", job_requeue_all, true},
    {"job", "purge", "DAYS", "forget dead letters that are older", job_purge,
     true},
    {"backup", "list", "[--user N] [--invoice N] [--ref TEXT]",
     "runs of invoices in the S3 store (--task ID; --in store asks it itself)",
     backup_list, true},
    {"backup", "fetch", "RUN --to FOLDER",
     "copy the files of a run here, each checked", backup_fetch, true},
    {"backup", "verify", "RUN...",
     "is it whole, and are its reports those that were delivered?",
     backup_verify, true},
    {"backup", "restore", "RUN",
     "verify a run and keep its reports in the database again", backup_restore,
     true},
    {"backup", "purge", "[DAYS]",
     "forget runs older than BACKUP_RUN_DAYS; nothing in the store goes",
     backup_purge, true},
    {"backup", NULL, "--to FOLDER [--tenant N]",
     "dump the whole database, or one tenant, with checksums", dump_backup,
     true},
    {"restore", NULL, "--from FOLDER [--tenant N]",
     "bring such a dump back into an empty database, and compare", dump_restore,
     true},
    {"keys", "status", "", "what is sealed under which of DATA_KEYS",
     keys_status, true},
    {"keys", "reseal", "",
     "seal anew, under the first key, what is under others", keys_reseal, true},
    {"preflight", NULL, "", "check the configuration before a start", preflight,
     false},
};

int ctl_fail(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("comptoirctl: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    return CTL_FAILED;
}

const char *ctl_file(struct ctl *c, const char *path, size_t *n)
{
    AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
        st.st_size > FILE_MAX) {
        ctl_fail("%s cannot be read: %s.", path,
                 fd < 0 ? strerror(errno) : "no file of a sensible size");
        return NULL;
    }
    char *text = arena_alloc(c->a, (size_t)st.st_size + 1);
    *n = 0;
    for (ssize_t r = 1; r > 0 && *n < (size_t)st.st_size; *n += (size_t)r)
        if ((r = read(fd, text + *n, (size_t)st.st_size - *n)) < 0)
            return NULL;
    return text;
}

const char *ctl_who(void)
{
    const struct passwd *p = getpwuid(geteuid());
    return p ? p->pw_name : "unknown";
}

void ctl_table(const PGresult *res)
{
    const PQprintOpt how = {.header = 1, .align = 1, .fieldSep = "  "};
    PQprint(stdout, res, &how);
}

static int help(FILE *to)
{
    fputs("usage: comptoirctl [--home DIR] COMMAND [ARGUMENTS]\n\n", to);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        const struct command *k = &commands[i];
        char left[64];
        snprintf(left, sizeof left, "%s%s%s %s", k->noun, k->verb ? " " : "",
                 k->verb ? k->verb : "", k->args);
        fprintf(to, "  %-34s %s\n", left, k->summary);
    }
    fputs("\nReads the environment (DATABASE_URL, COMPTOIR_HOME, …; see "
          "docs/CONFIG.md).\n--home names the folder that holds sql/.\n"
          "Exit: 0 done, 1 failed, 2 wrong use, 3 done but for some "
          "tenants' schemas.\n",
          to);
    return to == stdout ? CTL_OK : CTL_USAGE;
}

static const struct command *find(int argc, char **argv, int *used)
{
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        const struct command *k = &commands[i];
        if (argc < 1 || !str_eq(argv[0], k->noun))
            continue;
        *used = k->verb ? 2 : 1;
        if (!k->verb || (argc > 1 && str_eq(argv[1], k->verb)))
            return k;
    }
    return NULL;
}

static int run(const struct command *k, struct ctl *c)
{
    const char *bad = conf_init();
    if (bad && k->needs_db)
        return ctl_fail("%s", bad);
    log_init("comptoirctl");
    if (!c->home)
        c->home = conf_str(CONF_COMPTOIR_HOME);
    if (!k->needs_db)
        return k->run(c);
    const char *url = conf_str(CONF_DATABASE_URL);
    if (!*url)
        return ctl_fail("DATABASE_URL is not set; it names the database, "
                        "e.g. host=/run/comptoir/sock dbname=comptoir.");
    c->db = db_open(url, "ctl");
    const int code = k->run(c);
    db_close(c->db);
    return code;
}

static int dispatch(struct ctl *c, int argc, char **argv)
{
    int used = 0;
    if (argc >= 2 && str_eq(argv[0], "--home")) {
        c->home = argv[1];
        argc -= 2;
        argv += 2;
    }
    if (argc >= 1 && (str_eq(argv[0], "--help") || str_eq(argv[0], "help")))
        return help(stdout);
    const struct command *k = find(argc, argv, &used);
    if (!k)
        return help(stderr);
    c->argc = argc - used;
    c->argv = argv + used;
    return run(k, c);
}

int main(int argc, char **argv)
{
    struct ctl c = {.a = arena_new(BLOCK)};
    const int code = dispatch(&c, argc - 1, argv + 1);
    arena_free(c.a);
    return code;
}

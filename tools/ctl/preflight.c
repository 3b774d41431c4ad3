/* Is everything there that a start needs? One line a check, a sentence with
 * the way out for each that fails. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/conf.h"
#include "base/str.h"
#include "ctl.h"
#include "domain/audit_heads.h"
#include "domain/webhook.h"
#include "invoice/history_store.h"
#include "invoice/reference.h"
#include "store/blob_object.h"
#include "wire/license_ring.h"

static int failures;

static void tell(bool good, const char *what, const char *way_out)
{
    printf("%s  %s\n", good ? "ok  " : "FAIL", what);
    if (!good)
        printf("      %s\n", way_out);
    failures += !good;
}

static bool is_dir(const char *path, int how)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
           access(path, how) == 0;
}

static void check_conf(struct ctl *c)
{
    const char *bad = conf_init();
    tell(!bad, "every setting is readable", bad ? bad : "");
    const char *const *items;
    tell(conf_list(CONF_API_KEY, &items) > 0, "an API key is set",
         "Set API_KEY (or API_KEY_FILE): without one nobody can post.");
    tell(conf_list(CONF_ALLOWED_HOSTS, &items) > 0, "host names are set",
         "Set ALLOWED_HOSTS to the names clients use.");
    const bool prod = str_eq(conf_str(CONF_ENV), "prod");
    tell(!prod || conf_bool(CONF_FORCE_HTTPS), "HTTPS is forced in prod",
         "Set FORCE_HTTPS=true, or ENV=dev on a test machine.");
    bad = history_store_problem();
    tell(!bad, "what is kept of invoices is settled", bad ? bad : "");
    const struct license_ring *ring;
    bad = license_ring_load(c->a, &ring);
    tell(!bad, "keys of licences are readable", bad ? bad : "");
    bad = audit_heads_init();
    tell(!bad, "keys of the audit trail are readable", bad ? bad : "");
    bad = webhook_init();
    tell(!bad, "settings of webhooks are right", bad ? bad : "");
    bad = blob_object_init();
    tell(!bad, "settings of the S3 store and of documents are right", bad ? bad : "");
    const char *env = conf_str(CONF_ENV);
    tell(prod || str_eq(env, "dev") || str_eq(env, "staging"),
         "ENV is dev, staging or prod", "Set ENV to one of the three.");
}

static void check_folders(struct ctl *c)
{
    /* the longest socket path a family may have */
    const char *run = conf_str(CONF_COMPTOIR_RUN);
    tell(is_dir(run, R_OK | W_OK | X_OK), "the run directory is writable",
         arena_printf(c->a, "Create %s for the user %s, or set COMPTOIR_RUN.",
                      run, ctl_who()));
    tell(strlen(run) + strlen("/sock/.s.PGSQL.5432.lock") <= 100,
         "socket paths are short enough",
         "Socket paths end at 100 bytes: choose a shorter COMPTOIR_RUN.");
    tell(is_dir(arena_printf(c->a, "%s/sql/migrations/public", c->home), R_OK),
         "the installed tree has its sql/",
         arena_printf(c->a,
                      "%s lacks sql/: run make install, or set "
                      "COMPTOIR_HOME.",
                      c->home));
    tell(access("/usr/share/tesseract-ocr/5/tessdata/fra.traineddata", R_OK) ==
             0,
         "Tesseract reads French",
         "Install tesseract-ocr-fra (tools/install-packages run).");
}

static void check_database(void)
{
    const char *url = conf_str(CONF_DATABASE_URL);
    tell(*url != '\0', "DATABASE_URL is set",
         "Set DATABASE_URL, e.g. host=/run/comptoir/sock dbname=comptoir.");
    if (!*url)
        return;
    struct db *db = db_open(url, "api");
    const bool up = db_ping(db);
    tell(up, "the database answers",
         "Start PostgreSQL or correct DATABASE_URL; the log line above says "
         "what it answered.");
    struct reference *r = up ? reference_from_db(db) : NULL;
    tell(!up || r, "reference data is loaded",
         "Run comptoirctl migrate upgrade.");
    reference_free(r);
    db_close(db);
}

int preflight(struct ctl *c)
{
    failures = 0;
    check_conf(c);
    check_folders(c);
    check_database();
    if (failures == 0)
        printf("Ready to start.\n");
    return failures ? CTL_FAILED : CTL_OK;
}

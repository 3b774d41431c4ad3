/* comptoirctl: one row a command. */
#pragma once
#include <stdbool.h>
#include "base/arena.h"
#include "store/db.h"

struct ctl {
    struct arena *a;
    struct db *db;    /* opened for commands that need it, else NULL */
    const char *home; /* folder that holds sql/ */
    int argc;         /* what follows noun and verb */
    char **argv;
};

/* Exit codes of the program; CTL_LEFT: all is done but some tenants' schemas,
 * which the next run takes up. */
enum { CTL_OK = 0, CTL_FAILED = 1, CTL_USAGE = 2, CTL_LEFT = 3 };

/* One sentence on standard error; always CTL_FAILED. */
int ctl_fail(const char *fmt, ...) PRINTF(1, 2);
/* A whole text file in the arena, NULL (and a sentence) when unreadable. */
const char *ctl_file(struct ctl *c, const char *path, size_t *n);
/* Who is doing this: the system's user name. */
RETURNS_NONNULL const char *ctl_who(void);
/* Prints an answer as columns with a heading. */
void ctl_table(const PGresult *res);

typedef int ctl_command(struct ctl *c);
ctl_command migrate_upgrade, migrate_downgrade, migrate_history,
    migrate_current, migrate_verify, migrate_generate, migrate_reset;
ctl_command reference_import, reference_history, reference_status,
    reference_export, reference_restore, reference_test_suppliers;
ctl_command user_list, user_show, user_disable, user_enable, user_role,
    user_grant_operator, user_revoke_operator, user_reset, user_end_sessions,
    user_session_end, user_key_revoke;
ctl_command tenant_list, tenant_show, tenant_disable, tenant_enable,
    tenant_tier, tenant_max;
ctl_command login_failed, login_purge, login_purge_all;
ctl_command trail_list, trail_verify, trail_head;
ctl_command history_status, history_purge, history_forget_owner,
    history_forget_point;
ctl_command license_generate, license_import, license_list, license_show, license_suspend,
    license_resume, license_revoke, license_renew, license_plan, license_rekey,
    license_expire;
ctl_command billing_statement, billing_credit, billing_ledger,
    billing_give_back, billing_verify, billing_tidy;
ctl_command limit_set, limit_list, limit_clear;
ctl_command webhook_log, webhook_failing, webhook_again, webhook_on;
ctl_command job_list_all, job_show, job_status, job_probe, job_end, job_requeue,
    job_requeue_all, job_purge;
ctl_command backup_list, backup_fetch, backup_verify, backup_restore,
    backup_purge;
ctl_command dump_backup, dump_restore;
ctl_command keys_status, keys_reseal;
ctl_command preflight;
/* Fills tables that were never filled, or only from older seeds. */
int reference_seed(struct ctl *c);

/* A key is read before the database is asked, and the licence is looked up at
 * each request: one that is stopped is refused at once on every instance. */
#include "web/gate_license.h"
#include <assert.h>
#include <stdio.h>
#include "base/log.h"
#include "web/gate_door.h"
#include "web/metrics.h"
#include "wire/license_key.h"

static struct arena *kept;
static const struct license_ring *ring;

const char *gate_license_init(void)
{
    if (!kept)
        kept = arena_new(8192);
    return license_ring_load(kept, &ring);
}

const struct license_ring *gate_license_ring(void)
{
    assert(ring);
    return ring;
}

static enum err verdict(struct req *r, enum license_code code)
{
    metrics_add(code == LICENSE_CODE_VALID ? METRIC_license_ok
                                           : METRIC_license_refused,
                1);
    metrics_add_by(METRIC_license_codes, license_code_word(code), 1);
    /* such a row tells the state itself */
    return r->route->access == LICENSE_ANY ? OK : license_code_error(code);
}

enum err gate_door_license(struct req *r, const char *key)
{
    struct license_key said;
    struct license l;
    PGresult *row;
    if (!license_key_read(r->arena, gate_license_ring(), key, &said))
        return verdict(r, LICENSE_CODE_NOT_FOUND);
    if (!r->db)
        return ERR_UNAVAILABLE;
    const enum err e = license_find(
        r->db, r->arena, license_key_hash(r->arena, key), r->ip, &row);
    if (e)
        return e == ERR_NOT_FOUND ? verdict(r, LICENSE_CODE_NOT_FOUND) : e;
    license_from_row(row, &l);
    r->about = arena_strdup(r->arena, r->path);
    r->about_ip = arena_strdup(r->arena, r->ip);
    r->who.kind = PRINCIPAL_LICENSE;
    r->who.license_id = l.id;
    r->who.tenant_id = l.tenant_id;
    r->who.row = row;
    snprintf(r->who.id, sizeof r->who.id, "lic:%lld", (long long)l.id);
    return verdict(r, license_judge(&l));
}

void gate_license_log(const struct req *r)
{
    struct license l;
    if (r->who.kind != PRINCIPAL_LICENSE)
        return;
    license_from_row(r->who.row, &l);
    log_info("license_used", "{s:I,s:s,s:s,s:s,s:i}", "license",
             (json_int_t)l.id, "client", l.client, "key",
             license_key_hint(r->arena, req_param(r, "HTTP_X_LICENSE_KEY")),
             "url", r->about, "status", r->status);
}

void gate_license_note(struct req *r)
{
    if (r->who.kind != PRINCIPAL_LICENSE)
        return;
    const struct license_use use = {.license_id = r->who.license_id,
                                    .url = r->about,
                                    .ip = r->about_ip,
                                    .status = r->status};
    const enum err e = license_note(r->db, r->arena, &use);
    (void)e; /* told where it failed; the answer is out */
}

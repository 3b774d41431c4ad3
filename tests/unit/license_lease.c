/* lib/wire/license_lease.c, and the program that reads what it makes where
 * the desk cannot be reached (docs/examples/license): a licence works until
 * its grace's end to the second, and dies when it must. No clock is asked. */
#include "wire/license_lease.h"
#include "../../docs/examples/license/comptoir_license.c"
#include "base/str.h"
#include "license_rings.h"
#include "tap.h"
#include "wire/license_key.h"

enum { DAY = 86400, T0 = 1800000000, GRACE = 3 * DAY, LEASE = DAY };

static struct arena *a;
static const struct license_ring *ring;
static unsigned char public_keys[2][32];
static const char *key;
static struct comptoir_license_state state;
static struct comptoir_license_answer answer;

static const char *lease_of(int64_t seq, int64_t from, int64_t list)
{
    const struct license_lease l = {.license_id = 45,
                                    .seq = seq,
                                    .issued_s = from,
                                    .expires_s = from + LEASE,
                                    .license_end_s = T0 + 365 * DAY,
                                    .slice = 100,
                                    .list = list};
    return license_lease_text(a, ring, &l);
}

static const char *list_of(int64_t n, int64_t from, int64_t extra)
{
    const int64_t ids[] = {4, 5, 450, extra};
    return license_lease_list(a, ring, n, from, ids, extra ? 4 : 3);
}

static enum comptoir_license_code check(const char *lease, const char *list,
                                        int64_t now)
{
    const struct comptoir_license_input in = {
        key, lease, list, (const unsigned char(*)[32])public_keys, 2, now};
    return comptoir_license_check(&in, &state, &answer);
}

static void is(enum comptoir_license_code got, const char *want,
               const char *why)
{
    tap_is_str(comptoir_license_word(got), want, "%s", why);
}

static void fresh(void)
{
    state = (struct comptoir_license_state){0};
}

/* The desk is away from T0 on: a lease of one day, three days of grace. */
static void desk_away(void)
{
    const char *lease = lease_of(1, T0, 1), *list = list_of(1, T0, 0);
    fresh();
    is(check(lease, list, T0), "VALID", "at once");
    tap_is_int(answer.id, 45, "id");
    tap_is_str(answer.client, "Société \"É\"", "client");
    tap_is_str(answer.plan, "pro", "plan");
    tap_is_int(answer.slice_left, 100, "share");
    tap_is_int(answer.usable_s, T0 + LEASE + GRACE, "known to the second");
    is(check(lease, list, T0 + LEASE - 1), "VALID", "last second of the lease");
    is(check(lease, list, T0 + LEASE), "GRACE", "first of the grace");
    is(check(lease, list, T0 + 3 * DAY), "GRACE", "72 hours without a desk");
    is(check(lease, list, T0 + LEASE + GRACE - 1), "GRACE",
       "last second of the grace");
    is(check(lease, list, T0 + LEASE + GRACE), "NO_LEASE",
       "the second after it");
    is(check(lease_of(2, T0 + 4 * DAY, 1), list, T0 + 4 * DAY), "VALID",
       "a new lease, and it works again");
}

static void clock_back(void)
{
    const char *lease = lease_of(1, T0, 1), *list = list_of(1, T0, 0);
    fresh();
    is(check(lease, list, T0 + 4 * DAY), "NO_LEASE", "the grace is over");
    is(check(lease, list, T0 + 3 * DAY), "CLOCK_BACK",
       "the clock is put back: refused");
    is(check(lease, list, T0 + 4 * DAY - COMPTOIR_LICENSE_SLACK_S), "NO_LEASE",
       "within the slack: the latest time seen counts");
    is(check(lease, list, T0 + 4 * DAY - COMPTOIR_LICENSE_SLACK_S - 1),
       "CLOCK_BACK", "one second more");
    tap_is_int(state.last_seen_s, T0 + 4 * DAY, "the time seen never shrinks");
    is(check(lease_of(2, T0 + 5 * DAY, 1), list, T0 + 4 * DAY), "CLOCK_BACK",
       "nor before what the desk signed");
    fresh();
    is(check(lease, list, T0 - COMPTOIR_LICENSE_SLACK_S - 1), "CLOCK_BACK",
       "without a state: before the lease was made");
    fresh();
    is(check(NULL, NULL, T0 - DAY), "CLOCK_BACK", "before the key was made");
}

static void revoked(void)
{
    const char *lease = lease_of(1, T0, 1), *list = list_of(1, T0, 0);
    fresh();
    is(check(lease, list, T0 + 10), "VALID", "not on the list");
    is(check(lease, list_of(2, T0 + 5, 45), T0 + 20), "REVOKED",
       "on the newest list: refused under a lease that lives");
    is(check(lease, list, T0 + 30), "OLD_LIST", "the older list is refused");
    is(check(lease, NULL, T0 + 30), "OLD_LIST", "so is none");
    is(check(lease, list_of(2, T0 + 5, 45), T0 + 40), "REVOKED", "for good");
    is(check(lease, list_of(3, T0 + 50, 0), T0 + 60), "VALID",
       "resumed: a newer list without it");
    fresh();
    is(check(lease_of(1, T0, 7), list_of(6, T0, 0), T0), "OLD_LIST",
       "a lease asks for the list it was made with");
    fresh();
    is(check(lease, list_of(1, T0, 4500), T0), "VALID",
       "a number that begins alike is another licence");
    is(check(lease, license_lease_list(a, ring, 1, T0, NULL, 0), T0), "VALID",
       "an empty list");
}

static void leases(void)
{
    const char *list = list_of(1, T0, 0);
    fresh();
    is(check(lease_of(2, T0, 1), list, T0 + 1), "VALID", "the second lease");
    is(check(lease_of(1, T0, 1), list, T0 + 2), "OLD_LEASE",
       "the first after it is refused");
    is(check(NULL, list, T0 + 2), "NO_LEASE", "so is none");
    comptoir_license_forget(&state);
    is(check(lease_of(2, T0, 1), list, T0 + 3), "OLD_LEASE",
       "refused by the desk, its lease is worth nothing offline");
    is(check(lease_of(3, T0, 1), list, T0 + 4), "VALID", "until a new one");
    const struct license_lease other = {.license_id = 46,
                                        .seq = 9,
                                        .issued_s = T0,
                                        .expires_s = T0 + DAY,
                                        .license_end_s = T0 + DAY};
    is(check(license_lease_text(a, ring, &other), list, T0 + 5), "BAD_LEASE",
       "another licence's lease");
    fresh();
    is(check(NULL, NULL, T0 + GRACE - 1), "GRACE", "a new key without a lease");
    is(check(NULL, NULL, T0 + GRACE), "NO_LEASE", "for the grace only");
}

static void share(void)
{
    const char *lease = lease_of(1, T0, 1), *list = list_of(1, T0, 0);
    fresh();
    check(lease, list, T0);
    is(comptoir_license_use(&state, &answer, 60), "VALID", "60 of 100");
    is(comptoir_license_use(&state, &answer, 41), "USED_UP", "41 more are not");
    is(comptoir_license_use(&state, &answer, 40), "VALID", "40 are");
    is(comptoir_license_use(&state, &answer, 1), "USED_UP", "then none");
    is(comptoir_license_use(&state, &answer, 0), "USED_UP", "nor nothing");
    is(comptoir_license_use(&state, &answer, -5), "USED_UP", "nor less");
    check(lease, list, T0 + 1);
    tap_is_int(answer.slice_left, 0, "the next check knows");
    check(lease_of(2, T0 + 2, 1), list, T0 + 2);
    tap_is_int(answer.slice_left, 100, "a new lease brings a new share");
    check(lease_of(2, T0 + 2, 1), list_of(2, T0, 45), T0 + 3);
    is(comptoir_license_use(&state, &answer, 1), "REVOKED",
       "what is refused takes nothing");
}

/* The licence's own end: that of the key, or of a later lease (renewed). */
static void ends(void)
{
    const char *list = list_of(1, T0, 0);
    struct license_lease l = {.license_id = 45,
                              .seq = 1,
                              .issued_s = T0,
                              .expires_s = T0 + DAY,
                              .license_end_s = T0 + DAY + 10,
                              .list = 1};
    fresh();
    const char *lease = license_lease_text(a, ring, &l);
    is(check(lease, list, T0 + DAY + 9), "GRACE", "before the licence's end");
    is(check(lease, list, T0 + DAY + 10), "EXPIRED", "no grace outlives it");
    l.seq = 2;
    l.license_end_s = T0 + 800 * DAY;
    l.issued_s = T0 + 700 * DAY;
    l.expires_s = T0 + 701 * DAY;
    is(check(license_lease_text(a, ring, &l), list, T0 + 700 * DAY), "VALID",
       "renewed beyond the key's end");
}

static void forged(void)
{
    static const char *const payloads[] = {
        "{}",
        "{\"lic\":45}",
        "{\"lic\":45,\"seq\":1,\"iat\":1,\"exp\":2,\"end\":3,\"slice\":1,"
        "\"list\":1,\"kid\":\"x\",\"more\":1}",
        "{\"lic\":45,\"lic\":45,\"seq\":1,\"iat\":1,\"exp\":2,\"end\":3,"
        "\"slice\":1,\"list\":1}",
        "{ \"lic\":45,\"seq\":1,\"iat\":1,\"exp\":2,\"end\":3,\"slice\":1,"
        "\"list\":1,\"kid\":\"x\"}",
        "{\"lic\":45,\"seq\":-1,\"iat\":1,\"exp\":2,\"end\":3,\"slice\":1,"
        "\"list\":1,\"kid\":\"x\"}",
        "{\"lic\":45,\"seq\":01,\"iat\":1,\"exp\":2,\"end\":3,\"slice\":1,"
        "\"list\":1,\"kid\":\"x\"}",
        "{\"lic\":45,\"seq\":1,\"iat\":2,\"exp\":2,\"end\":3,\"slice\":1,"
        "\"list\":1,\"kid\":\"x\"}",
        "{\"lic\":45,\"seq\":1,\"iat\":1,\"exp\":1e9,\"end\":3,\"slice\":1,"
        "\"list\":1,\"kid\":\"x\"}",
        "{\"lic\":45,\"seq\":1,\"iat\":1,\"exp\":99999999999999999999,\"end\":"
        "3,"
        "\"slice\":1,\"list\":1,\"kid\":\"x\"}",
    };
    const char *list = list_of(1, T0, 0), *lease = lease_of(1, T0, 1);
    fresh();
    for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
        const struct bytes p = {(const uint8_t *)payloads[i],
                                strlen(payloads[i])};
        is(check(license_ring_sign(a, ring, "lea1", p), list, T0), "BAD_LEASE",
           payloads[i]);
    }
    is(check(key, list, T0), "BAD_LEASE", "a key is no lease");
    is(check(lease, lease, T0), "BAD_LIST", "a lease is no list");
    is(check("", list, T0), "BAD_LEASE", "nothing is no lease");
    int passed = 0;
    for (size_t i = 0; lease[i]; i++) {
        char *other = arena_strdup(a, lease);
        other[i] = other[i] == 'A' ? 'B' : 'A';
        passed += check(other, list, T0) != COMPTOIR_LICENSE_BAD_LEASE;
    }
    tap_is_int(passed, 0, "no character of a lease may change");
    const char *mine = key;
    key = arena_printf(a, "%s ", mine);
    is(check(lease, list, T0), "BAD_KEY", "a key with a blank");
    key = lease;
    is(check(lease, list, T0), "BAD_KEY", "a lease is no key");
    key = mine;
    tap_ok(state.last_seen_s == 0 && state.lease_seq == 0,
           "nothing forged moves the state's time or lease");
    memset(public_keys, 0, sizeof public_keys);
    is(check(lease, list, T0), "BAD_KEY", "without the desk's public key");
}

/* Writes text over the beginning of a file, or in place of all of it. */
static void put(const char *path, const char *mode, const char *text)
{
    FILE *f = fopen(path, mode);
    tap_ok(f && fputs(text, f) >= 0 && fclose(f) == 0, "a file is changed");
}

static void files(void)
{
    char path[] = "/tmp/comptoir-state-XXXXXX";
    int fd = mkstemp(path);
    struct comptoir_license_state back;
    state = (struct comptoir_license_state){T0, 3, 7, 42};
    close(fd);
    unlink(path);
    is(comptoir_license_load(path, key, &back), "VALID", "no file yet");
    tap_is_int(back.last_seen_s, 0, "is a new state");
    is(comptoir_license_save(path, key, &state), "VALID", "saved");
    is(comptoir_license_load(path, key, &back), "VALID", "loaded");
    tap_ok(memcmp(&back, &state, sizeof back) == 0, "the same");
    is(comptoir_license_load(path, "lic1.other", &back), "BAD_STATE",
       "under another key it is not ours");
    put(path, "r+", "comptoir1 9");
    is(comptoir_license_load(path, key, &back), "BAD_STATE", "changed");
    put(path, "w", "");
    is(comptoir_license_load(path, key, &back), "BAD_STATE", "emptied");
    unlink(path);
    is(comptoir_license_save("/nowhere/state", key, &state), "BAD_STATE",
       "a folder that is not there");
}

int main(void)
{
    a = arena_new(1 << 20);
    tap_ok(!rings_load(a, "2026:" RING_SEED, "", &ring), "settings");
    tap_ok(!comptoir_license_public_key(RING_PUBLIC, public_keys[1]) &&
               comptoir_license_public_key("short", public_keys[0]),
           "the public key as the desk lists it");
    const struct license_key facts = {.form = LICENSE_FORM_SIGNED,
                                      .client = "Société \"É\"",
                                      .created_s = T0,
                                      .expires_s = T0 + 365 * DAY,
                                      .id = 45,
                                      .quota = 500,
                                      .grace_s = GRACE,
                                      .plan = "pro"};
    key = license_key_new(a, ring, &facts);
    tap_ok(key != NULL, "a key");
    desk_away();
    clock_back();
    revoked();
    leases();
    share();
    ends();
    files();
    forged();
    const struct license_ring *none;
    const struct license_lease l = {.license_id = 1};
    tap_ok(!rings_load(a, "", "", &none) && !license_lease_text(a, none, &l) &&
               !license_lease_list(a, none, 1, T0, NULL, 0),
           "without a signing key nothing is lent");
    arena_free(a);
    return tap_done();
}

/* lib/domain/audit_chain.c: the hashes of PostgreSQL, without it. */
#include "domain/audit_chain.h"
#include <string.h>
#include "base/encode.h"
#include "tap.h"

static struct arena *a;

/* Two entries of a chain and their hashes as audit_append of PostgreSQL 15
 * made them. */
static const struct {
    const char *actor, *event, *subject, *facts, *hash;
} made[] = {
    {"user:1", "key_create", "key:7", "{\"n\": 1, \"name\": \"é\"}",
     "8fc53c449b6053e67da9848c95378f099c4837e20bfebe2979f3e414e96aa12b"},
    {"ctl:a\"b\\c", "x", "tab\there\nnew \x01 \x7f é",
     "{\"a\": [1, null], \"b\": \"\\u0001\\n\"}",
     "1d3fd2004ad26f45551033dcd956e6d7f5467a70e79214d083ef26688abe196c"},
};
static const int64_t micros[] = {1764288000123456, 1764288000123457};

static struct audit_chain_entry entry(size_t i)
{
    struct audit_chain_entry e = {.chain = 3,
                                  .seq = (int64_t)i + 1,
                                  .micros = micros[i],
                                  .actor = made[i].actor,
                                  .event = made[i].event,
                                  .subject = made[i].subject,
                                  .facts = made[i].facts};
    tap_ok(audit_chain_from_hex(made[i].hash, e.hash), "hex");
    if (i > 0)
        tap_ok(audit_chain_from_hex(made[i - 1].hash, e.prev), "hex");
    return e;
}

static void hashes(void)
{
    uint8_t out[AUDIT_CHAIN_HASH];
    for (size_t i = 0; i < 2; i++) {
        struct audit_chain_entry e = entry(i);
        audit_chain_hash(a, &e, out);
        tap_is_str(encode_hex(a, out, sizeof out), made[i].hash,
                   "the hash of PostgreSQL");
    }
}

static void walks(void)
{
    struct audit_chain_walk w = {.chain = -1};
    struct audit_chain_entry one = entry(0), two = entry(1);
    tap_ok(!audit_chain_step(a, &w, &one) && !audit_chain_step(a, &w, &two),
           "a chain that holds");
    struct audit_chain_entry other = one;
    other.chain = 4;
    tap_is_str(audit_chain_step(a, &w, &other), "it was altered",
               "an entry put into another chain");
    w.chain = -1;
    tap_is_str(audit_chain_step(a, &w, &two),
               "an entry is missing before this one", "the first is gone");
    w.chain = -1;
    struct audit_chain_entry changed = one;
    changed.facts = "{\"n\": 2, \"name\": \"é\"}";
    tap_is_str(audit_chain_step(a, &w, &changed), "it was altered",
               "another fact");
    tap_ok(!audit_chain_step(a, &w, &two), "the next one holds on to it");
    w.chain = -1;
    changed = one;
    audit_chain_hash(a, &changed, changed.hash);
    changed.actor = "user:2";
    audit_chain_hash(a, &changed, changed.hash);
    tap_ok(!audit_chain_step(a, &w, &changed), "hashed anew");
    tap_is_str(audit_chain_step(a, &w, &two),
               "it does not follow the entry before", "but for the next one");
    w.chain = -1;
    tap_ok(!audit_chain_step(a, &w, &one), "first");
    tap_is_str(audit_chain_step(a, &w, &one),
               "an entry is missing before this one", "twice the same");
}

static void hex(void)
{
    uint8_t out[AUDIT_CHAIN_HASH];
    char text[66];
    memset(text, 'a', sizeof text);
    text[65] = '\0';
    tap_ok(!audit_chain_from_hex(text, out), "65 digits");
    text[64] = '\0';
    tap_ok(audit_chain_from_hex(text, out) && out[31] == 0xaa, "64 digits");
    text[3] = 'A';
    tap_ok(!audit_chain_from_hex(text, out), "upper case");
    tap_ok(!audit_chain_from_hex("", out), "none");
}

int main(void)
{
    a = arena_new(4096);
    hashes();
    walks();
    hex();
    arena_free(a);
    return tap_done();
}

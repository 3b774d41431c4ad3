/* lib/wire/mail.c: addresses, settings, the demo's way; SMTP itself is
 * tests/api/72-mail's, against tests/emulators/smtp.py. */
#include "wire/mail.h"
#include <stdlib.h>
#include "base/conf.h"
#include "base/log.h"
#include "base/str.h"
#include "tap.h"

static const char *const good[] = {
    "a@b.fr", "camille.exemple+tag@sous.domaine.example.fr", "x_y-z@a-b.co",
    "o'neil@example.ie"};
static const char *const bad[] = {
    "",
    "a",
    "a@b",
    "@b.fr",
    "a@",
    "a@b.fr\r\n",
    "a b@c.fr",
    "a@b..fr",
    "a@.fr",
    "a@b.fr.",
    ".a@b.fr",
    "a.@b.fr",
    "a..b@c.fr",
    "<a@b.fr>",
    "\"a\"@b.fr",
    "a@b@c.fr",
    "a@-b.fr",
    "a@b-.fr",
    "é@b.fr",
    "a@é.fr",
    "a,b@c.fr",
    "a@[1.2.3.4]",
    "a@b.fr\nx",
    "a;b@c.fr",
    "0123456789012345678901234567890123456789012345678901234567890123x@b.fr"};

static const char *begin(const char *url, const char *from)
{
    setenv("SMTP_URL", url, 1);
    setenv("MAIL_FROM", from, 1);
    const char *bad_setting = conf_init();
    return bad_setting ? bad_setting : mail_init();
}

static void settings(struct arena *a)
{
    const struct mail_word words[] = {{"link", "https://x/#t"}};
    struct mail m = {
        .to = "a@b.fr", .kind = "verify", .words = words, .n_words = 1};
    tap_ok(!begin("", "") && mail_ready(), "dev without a relay");
    tap_is_int(mail_send(a, &m), OK, "the link is logged");
    m.to = "nobody";
    tap_is_int(mail_send(a, &m), ERR_UNAVAILABLE, "not for a bad address");
    m.to = "a@b.fr";
    setenv("ENV", "staging", 1);
    tap_ok(!begin("", "") && !mail_ready(), "staging without a relay");
    tap_is_int(mail_send(a, &m), ERR_UNAVAILABLE, "sends nothing");
    tap_ok(begin("http://x", "a@b.fr"), "another protocol");
    tap_ok(begin("smtp://user@x", "a@b.fr"), "a user in the address");
    tap_ok(begin("smtp://x", ""), "no sender");
    tap_ok(begin("smtp://x", "Name <nobody>"), "a bad sender");
    tap_ok(begin("smtp://x", "\"Q\" <a@b.fr>"), "quotes");
    setenv("COMPTOIR_HOME", "/nonexistent", 1);
    tap_ok(!begin("smtp://127.0.0.1:1", "Comptoir é <a@b.fr>"), "a relay");
    tap_is_int(mail_send(a, &m), ERR_INTERNAL, "no template");
}

int main(void)
{
    clearenv();
    struct arena *a = arena_new(1024);
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        tap_ok(mail_address_ok(good[i]), "an address: %s", good[i]);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        tap_ok(!mail_address_ok(bad[i]), "refused: %zu", i);
    settings(a);
    arena_free(a);
    return tap_done();
}

/* libcurl speaks SMTP; templates are files of the installed tree, a subject,
 * an empty line and the text. */
#include "wire/mail.h"
#include <stdio.h>
#include <string.h>
#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/encode.h"
#include "base/log.h"
#include "base/str.h"
#include "wire/libcurl.h"
#include "wire/mail_text.h"
#include "base/banned.h"

enum { LOCAL_BYTES = 64, TEMPLATE_BYTES = 8192, BODY_BYTES = 32768 };

static struct {
    struct arena *memory;
    const char *url, *from_name, *from;
    bool dev;
} relay;

/* ---- start --------------------------------------------------------------- */

/* "Name <address>" or an address alone; false for anything else. */
static bool read_sender(const char *s)
{
    size_t n = strlen(s);
    const char *open = strrchr(s, '<');
    relay.from_name = "";
    relay.from = s;
    if (open && n > 0 && s[n - 1] == '>') {
        relay.from =
            arena_strndup(relay.memory, open + 1, n - (size_t)(open - s) - 2);
        relay.from_name = str_trim(
            relay.memory, arena_strndup(relay.memory, s, (size_t)(open - s)));
    }
    return mail_address_ok(relay.from) && !strpbrk(relay.from_name, "\"\\<>");
}

const char *mail_init(void)
{
    if (!relay.memory)
        relay.memory = arena_new(512);
    arena_reset(relay.memory);
    relay.url = conf_str(CONF_SMTP_URL);
    relay.dev = str_eq(conf_str(CONF_ENV), "dev");
    if (!*relay.url)
        return NULL;
    if (!str_starts(relay.url, "smtp://") && !str_starts(relay.url, "smtps://"))
        return "SMTP_URL must begin with smtp:// or smtps://.";
    if (strpbrk(relay.url, " \r\n@"))
        return "SMTP_URL holds a host and a port only; the user goes into "
               "SMTP_USER.";
    if (!read_sender(conf_str(CONF_MAIL_FROM)))
        return "MAIL_FROM must be an address, or Name <address>; SMTP_URL "
               "needs it.";
    return NULL;
}

bool mail_ready(void)
{
    return relay.url && (*relay.url || relay.dev);
}

/* ---- addresses ----------------------------------------------------------- */

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* Parts of these letters between single dots. */
static bool dotted(const char *s, size_t n, const char *letters, bool host)
{
    size_t at = 0, parts = 0;
    while (at <= n) {
        size_t len = strspn(s + at, letters);
        if (len == 0 || at + len > n || (host && len > 63) ||
            (host && (s[at] == '-' || s[at + len - 1] == '-')))
            return false;
        parts++;
        at += len + 1;
        if (at - 1 < n && s[at - 1] != '.')
            return false;
    }
    return !host || parts > 1;
}

bool mail_address_ok(const char *s)
{
    const char *at = strchr(s, '@');
    size_t n = strlen(s);
    if (!at || n > MAIL_ADDRESS_BYTES || at - s > LOCAL_BYTES)
        return false;
    return dotted(s, (size_t)(at - s), LETTERS "!#$%&'*+-/=?^_`{|}~", false) &&
           dotted(at + 1, strlen(at + 1), LETTERS "-", true);
}

/* ---- templates ----------------------------------------------------------- */

static const char *read_template(struct arena *a, const struct mail *m)
{
    const char *lang = str_eq(m->language, "en") ? "en" : "fr";
    const char *path =
        arena_printf(a, "%s/share/mail_%s_%s.txt", conf_str(CONF_COMPTOIR_HOME),
                     m->kind, lang);
    AUTO_FILE f = fopen(path, "re");
    if (!f)
        return NULL;
    char *text = arena_alloc(a, TEMPLATE_BYTES + 1);
    size_t n = fread(text, 1, TEMPLATE_BYTES, f);
    text[n] = '\0';
    return n > 0 && strstr(text, "\n\n") ? text : NULL;
}

static const char *word_of(const struct mail *m, const char *name, size_t n)
{
    for (size_t i = 0; i < m->n_words; i++)
        if (strlen(m->words[i].name) == n &&
            memcmp(m->words[i].name, name, n) == 0)
            return m->words[i].text;
    return NULL;
}

static const char *fill(struct arena *a, const struct mail *m, const char *s,
                        size_t n)
{
    struct buf b;
    const char *end = s + n;
    buf_init(&b, a, BODY_BYTES);
    while (s < end) {
        const char *close =
            *s == '{' ? memchr(s, '}', (size_t)(end - s)) : NULL;
        const char *w =
            close ? word_of(m, s + 1, (size_t)(close - s - 1)) : NULL;
        if (w)
            buf_str(&b, w);
        else
            buf_char(&b, *s);
        s = w ? close + 1 : s + 1;
    }
    return buf_ok(&b) ? buf_cstr(&b) : NULL;
}

static const char *write_letter(struct arena *a, const struct mail *m)
{
    const char *template = read_template(a, m);
    if (!template)
        return NULL;
    uint8_t id[12];
    encode_random(id, sizeof id);
    const char *gap = strstr(template, "\n\n");
    const struct mail_letter letter = {
        .from_name = relay.from_name,
        .from = relay.from,
        .to = m->to,
        .subject = fill(a, m, template, (size_t)(gap - template)),
        .body = fill(a, m, gap + 2, strlen(gap + 2)),
        .now_ms = clock_now_ms(),
        .id = encode_hex(a, id, sizeof id)};
    return letter.subject && letter.body ? mail_text_write(a, &letter) : NULL;
}

/* ---- SMTP ---------------------------------------------------------------- */

struct upload {
    const char *p;
    size_t left;
};

static size_t give(char *to, size_t size, size_t count, void *from)
{
    struct upload *u = from;
    size_t n = size * count < u->left ? size * count : u->left;
    memcpy(to, u->p, n);
    u->p += n;
    u->left -= n;
    return n;
}

/* A relay on this machine may be without TLS; any other has to offer it. */
static long tls_level(void)
{
    static const char *const local[] = {"smtp://127.0.0.1", "smtp://localhost",
                                        "smtp://[::1]"};
    for (size_t i = 0; i < ARRAY_LEN(local); i++) {
        size_t n = strlen(local[i]);
        if (str_starts(relay.url, local[i]) &&
            (!relay.url[n] || relay.url[n] == ':' || relay.url[n] == '/'))
            return CURLUSESSL_TRY;
    }
    return CURLUSESSL_ALL;
}

static void prepare(const struct libcurl *curl, CURL *c,
                    struct curl_slist *rcpt, struct upload *u)
{
    libcurl_bind(c, relay.url, "smtp,smtps",
                 conf_int(CONF_SMTP_TIMEOUT_S) * 1000);
    curl->setopt(c, CURLOPT_USE_SSL, tls_level());
    if (*conf_str(CONF_SMTP_USER)) {
        curl->setopt(c, CURLOPT_USERNAME, conf_str(CONF_SMTP_USER));
        curl->setopt(c, CURLOPT_PASSWORD, conf_str(CONF_SMTP_PASSWORD));
    }
    curl->setopt(c, CURLOPT_MAIL_FROM, relay.from);
    curl->setopt(c, CURLOPT_MAIL_RCPT, rcpt);
    curl->setopt(c, CURLOPT_READFUNCTION, give);
    curl->setopt(c, CURLOPT_READDATA, u);
    curl->setopt(c, CURLOPT_UPLOAD, 1L);
}

static enum err deliver(const struct mail *m, const char *letter)
{
    const struct libcurl *curl = libcurl_load();
    CURL *c = curl ? curl->init() : NULL;
    if (!c)
        return ERR_UNAVAILABLE;
    struct upload u = {letter, strlen(letter)};
    struct curl_slist *rcpt = curl->append(NULL, m->to);
    prepare(curl, c, rcpt, &u);
    CURLcode rc = curl->perform(c);
    long status = 0;
    curl->getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl->cleanup(c);
    curl->free_all(rcpt);
    if (rc == CURLE_OK) {
        log_info("mail_sent", "{s:s}", "kind", m->kind);
        return OK;
    }
    log_error("mail_failed", "{s:s,s:i,s:i}", "kind", m->kind, "curl", (int)rc,
              "smtp_status", (int)status);
    return ERR_UNAVAILABLE;
}

enum err mail_send(struct arena *a, const struct mail *m)
{
    if (!mail_ready() || !mail_address_ok(m->to)) {
        log_warning("mail_not_possible", "{s:s,s:b}", "kind", m->kind,
                    "configured", mail_ready());
        return ERR_UNAVAILABLE;
    }
    const char *link = word_of(m, "link", 4);
    if (!*relay.url) {
        log_info("mail_not_sent_demo", "{s:s,s:s}", "kind", m->kind, "link",
                 link ? link : "");
        return OK;
    }
    const char *letter = write_letter(a, m);
    if (letter)
        return deliver(m, letter);
    log_error("mail_template_missing", "{s:s}", "kind", m->kind);
    return ERR_INTERNAL;
}

/* libcurl's easy interface through a table of its functions. Linked in the
 * usual way it brings two dozen libraries into every responder, idle or
 * not; loaded here they come with the first call. */
#define CURL_DISABLE_TYPECHECK
#include "llm/llm_http.h"
#include <curl/curl.h>
#include <dlfcn.h>
#include "base/buf.h"
#include "base/log.h"
#include "base/banned.h"

enum { ANSWER_BYTES = 4 * 1024 * 1024, CONNECT_MS = 10000 };

static struct {
    void *library;
    CURLcode (*global_init)(long);
    CURL *(*init)(void);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    void (*cleanup)(CURL *);
    struct curl_slist *(*append)(struct curl_slist *, const char *);
    void (*free_all)(struct curl_slist *);
} curl;

static bool find(const char *name, void *at)
{
    void *p = dlsym(curl.library, name);
    *(void **)at = p; /* POSIX: an object pointer may hold a function's */
    return p != NULL;
}

static bool load(void)
{
    if (curl.library)
        return true;
    curl.library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    bool ok = curl.library && find("curl_global_init", &curl.global_init) &&
              find("curl_easy_init", &curl.init) &&
              find("curl_easy_setopt", &curl.setopt) &&
              find("curl_easy_perform", &curl.perform) &&
              find("curl_easy_getinfo", &curl.getinfo) &&
              find("curl_easy_cleanup", &curl.cleanup) &&
              find("curl_slist_append", &curl.append) &&
              find("curl_slist_free_all", &curl.free_all) &&
              curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    if (ok)
        return true;
    log_event(LOG_ERROR, "llm_library_missing", "{s:s}", "library",
              "libcurl.so.4");
    if (curl.library)
        dlclose(curl.library);
    curl.library = NULL;
    return false;
}

/* Takes less than it was given, and so ends the transfer, past the limit. */
static size_t take(char *data, size_t size, size_t n, void *to)
{
    struct buf *b = to;
    buf_add(b, data, size * n);
    return buf_ok(b) ? size * n : 0;
}

static void prepare(CURL *c, const struct llm_post *post,
                    struct curl_slist *headers, struct buf *answer)
{
    curl.setopt(c, CURLOPT_URL, post->url);
    curl.setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl.setopt(c, CURLOPT_PROXY, "");
    curl.setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl.setopt(c, CURLOPT_NOSIGNAL, 1L);
    /* a name server that does not answer is not waited for at the end */
    curl.setopt(c, CURLOPT_QUICK_EXIT, 1L);
    curl.setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl.setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl.setopt(c, CURLOPT_TIMEOUT_MS, (long)post->timeout_ms);
    curl.setopt(
        c, CURLOPT_CONNECTTIMEOUT_MS,
        (long)(post->timeout_ms < CONNECT_MS ? post->timeout_ms : CONNECT_MS));
    curl.setopt(c, CURLOPT_POST, 1L);
    curl.setopt(c, CURLOPT_POSTFIELDS, (const char *)post->body.p);
    curl.setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.n);
    curl.setopt(c, CURLOPT_HTTPHEADER, headers);
    curl.setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl.setopt(c, CURLOPT_WRITEDATA, answer);
}

static enum llm_sent outcome(CURLcode rc)
{
    switch (rc) {
    case CURLE_OK:
        return LLM_SENT_ANSWERED;
    case CURLE_OPERATION_TIMEDOUT:
        return LLM_SENT_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
        return LLM_SENT_REFUSED;
    default:
        return LLM_SENT_BROKEN;
    }
}

void llm_http_post(struct arena *a, const struct llm_post *post,
                   struct llm_got *out)
{
    struct curl_slist *headers = NULL;
    struct buf answer;
    *out = (struct llm_got){.sent = LLM_SENT_REFUSED, .body = ""};
    CURL *c = load() ? curl.init() : NULL;
    if (!c)
        return;
    buf_init(&answer, a, ANSWER_BYTES);
    for (size_t i = 0; i < post->n_headers; i++)
        headers = curl.append(headers, post->headers[i]);
    headers = curl.append(headers, "Expect:");
    prepare(c, post, headers, &answer);
    out->sent = outcome(curl.perform(c));
    long status = 0;
    curl_off_t wait = 0;
    curl.getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl.getinfo(c, CURLINFO_RETRY_AFTER, &wait);
    if (out->sent == LLM_SENT_ANSWERED) {
        out->status = (int)status;
        out->body = buf_cstr(&answer);
        out->retry_after_s = (int64_t)wait;
    }
    curl.cleanup(c);
    curl.free_all(headers);
}

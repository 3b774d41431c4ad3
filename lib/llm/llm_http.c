/* One POST by libcurl. */
#include "llm/llm_http.h"
#include "base/buf.h"
#include "wire/libcurl.h"
#include "base/banned.h"

enum { ANSWER_BYTES = 4 * 1024 * 1024 };

static const struct libcurl *curl;

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
    libcurl_bind(c, post->url, "http,https", post->timeout_ms);
    curl->setopt(c, CURLOPT_POST, 1L);
    curl->setopt(c, CURLOPT_POSTFIELDS, (const char *)post->body.p);
    curl->setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->body.n);
    curl->setopt(c, CURLOPT_HTTPHEADER, headers);
    curl->setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl->setopt(c, CURLOPT_WRITEDATA, answer);
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
    curl = libcurl_load();
    CURL *c = curl ? curl->init() : NULL;
    if (!c)
        return;
    buf_init(&answer, a, ANSWER_BYTES);
    for (size_t i = 0; i < post->n_headers; i++)
        headers = curl->append(headers, post->headers[i]);
    headers = curl->append(headers, "Expect:");
    prepare(c, post, headers, &answer);
    out->sent = outcome(curl->perform(c));
    long status = 0;
    curl_off_t wait = 0;
    curl->getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl->getinfo(c, CURLINFO_RETRY_AFTER, &wait);
    if (out->sent == LLM_SENT_ANSWERED) {
        out->status = (int)status;
        out->body = buf_cstr(&answer);
        out->retry_after_s = (int64_t)wait;
    }
    curl->cleanup(c);
    curl->free_all(headers);
}

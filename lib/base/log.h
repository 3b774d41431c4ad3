/* One JSON line an event. Whoever detects a failure logs it, once. */
#pragma once
#include <stdint.h>
#include "base/attr.h"
#include "base/arena.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Takes LOG_LEVEL and LOG_FILE from conf; program names the binary. */
void log_init(const char *program);
/* What every line of the present request carries; NULL clears. Copies. */
void log_context(const char *request_id, const char *principal,
                 const char *ip);
/* And the tenant of its caller, once known; 0: none. log_context forgets it. */
void log_tenant(int64_t tenant_id);
/* Writes {"ts","level","event","program",...members}. fmt is jansson's pack
 * format of an object, e.g. log_info("upload_ok", "{s:i,s:s}", "pages", 3,
 * "kind", "pdf"), or NULL for no members. Never pass bodies, keys, e-mails. */
void log_event(enum log_level level, const char *event, const char *fmt, ...);
/* Writes a finished JSON line (with its newline) as it is: the access log. */
void log_line(const char *line, size_t n);
/* First four characters and "…": for keys and references in logs. */
RETURNS_NONNULL const char *log_mask(struct arena *a, const char *secret);

#define log_debug(...)   log_event(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)    log_event(LOG_INFO, __VA_ARGS__)
#define log_warning(...) log_event(LOG_WARNING, __VA_ARGS__)
#define log_error(...)   log_event(LOG_ERROR, __VA_ARGS__)

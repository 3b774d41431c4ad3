/* nginx's log, turned at the size of our own. */
#pragma once

/* When RUN/log/nginx.log has 10 MB: renames it and the older ones (five are
 * kept) and tells the nginx of RUN/pid/nginx to open a new one. */
void turn_log_nginx(const char *run);

/* The process of one job, as its lane sets it up. */
#pragma once

/* From here on this process hears of its soft limit (SIGUSR1), and no signal
 * is held back any more. */
void work_begin(void);

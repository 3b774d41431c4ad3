/* Kill points: where a test makes the process die as by kill -9, to see that
 * nothing is lost and nothing is counted twice. */
#pragma once

/* Ends the process by SIGKILL when COMPTOIR_FAULT names the point and ENV is
 * dev; else returns at once. COMPTOIR_FAULT: names by commas, each with
 * nothing (always), ":0.25" (a probability) or ":3" (this process's third
 * passing). A death is logged before (fault_killed). */
void fault_point(const char *name);

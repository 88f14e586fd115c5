/* Commands whose room does not offer them yet: weak, so that the room's own function takes over as
 * soon as it is there. */
#include "app/training/training.h"

static enum err pending(struct problem *problem)
{
    return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("this command is not built yet"));
}

__attribute__((weak)) enum err training_calibrate(const struct training_calibrate_options *options,
                                                  struct buf *report, struct problem *problem)
{
    (void)options;
    (void)report;
    return pending(problem);
}

#include "app/training/leak.h"
enum err leak_report_append(struct arena *arena, struct calibrate_work *work, enum lang lang,
                            struct buf *text, struct problem *problem)
{
    (void)arena; (void)work; (void)lang; (void)text; (void)problem;
    return ERR_OK;
}

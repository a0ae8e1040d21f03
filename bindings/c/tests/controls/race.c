/* Two threads that fill one context, against the rules: ThreadSanitizer has to find it. */
#define _GNU_SOURCE /* pthread_barrier_t */

#include "pwseal.h"

#include <pthread.h>

static pthread_barrier_t start;

static void *fill(void *context)
{
    pthread_barrier_wait(&start);
    return pwseal_context_set_account_id((pwseal_context *)context, NULL, 0) == PWSEAL_STATUS_OK ? NULL : context;
}

int main(void)
{
    pthread_t threads[2];
    pwseal_context *context = NULL;
    if (pwseal_context_new(&context) != PWSEAL_STATUS_OK) {
        return 0;
    }
    pthread_barrier_init(&start, NULL, 2);
    pthread_create(&threads[0], NULL, fill, context);
    pthread_create(&threads[1], NULL, fill, context);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    pthread_barrier_destroy(&start);
    return 0;
}

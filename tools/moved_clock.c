/* A machine whose calendar stands elsewhere: loaded before a program's own libraries (LD_PRELOAD), it adds
   MOVED_CLOCK_S seconds to the time of day, and takes them off a moment of that day which somebody waits for.
   What measures how long something takes, and the times of files, stay as they are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#define THIRTY_YEARS 1000000000 /* a later moment is one of the calendar, an earlier one since the machine was started */
#define NEXT(name) \
    static __typeof__(name) *next; \
    if (!next) next = dlsym(RTLD_NEXT, #name)

static long seconds;

__attribute__((constructor)) static void begin(void) {
    const char *told = getenv("MOVED_CLOCK_S");
    seconds = told ? atol(told) : 0;
}

static int is_of_the_calendar(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

static struct timespec unmoved(const struct timespec *moment) {
    struct timespec real = *moment;
    if (real.tv_sec > THIRTY_YEARS) real.tv_sec -= seconds;
    return real;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    NEXT(clock_gettime);
    int failed = next(clock, now);
    if (!failed && is_of_the_calendar(clock)) now->tv_sec += seconds;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    NEXT(gettimeofday);
    int failed = next(now, zone);
    if (!failed) now->tv_sec += seconds;
    return failed;
}

int timespec_get(struct timespec *now, int base) {
    return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, now) ? base : 0;
}

time_t time(time_t *now) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now) *now = exact.tv_sec;
    return exact.tv_sec;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left) {
    NEXT(clock_nanosleep);
    struct timespec real = unmoved(until);
    return next(clock, flags, &real, left);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    NEXT(sem_timedwait);
    struct timespec real = unmoved(until);
    return next(semaphore, &real);
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until) {
    NEXT(sem_clockwait);
    struct timespec real = unmoved(until);
    return next(semaphore, clock, &real);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
    NEXT(pthread_mutex_timedlock);
    struct timespec real = unmoved(until);
    return next(mutex, &real);
}

int pthread_cond_timedwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
    static __typeof__(pthread_cond_timedwait) *next; /* an older one of this name would be found first */
    if (!next) next = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!next) next = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    struct timespec real = unmoved(until);
    return next(condition, mutex, &real);
}

int pthread_cond_clockwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, clockid_t clock,
    const struct timespec *restrict until) {
    NEXT(pthread_cond_clockwait);
    struct timespec real = unmoved(until);
    return next(condition, mutex, clock, &real);
}

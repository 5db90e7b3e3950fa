package io.catga.floor.raw;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * How often something could be done.
 *
 * @param name      what
 * @param clients   how many did it at the same time
 * @param perSecond all of them together
 */
record Rate(String name, int clients, long perSecond) {

    /** Something that blocks until it is done. */
    interface Work {

        void run() throws Exception;
    }

    /** Has so many virtual threads do it over and over, and counts after the warm-up. */
    static Rate measure(String name, int clients, Duration warmUp, Duration measured, Work work) throws Exception {
        LongAdder done = new LongAdder();
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>(clients);
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    while (!Thread.currentThread().isInterrupted()) {
                        work.run();
                        done.increment();
                    }
                } catch (InterruptedException e) {
                    // the end
                } catch (Exception e) {
                    if (!Thread.currentThread().isInterrupted()) {
                        failure.compareAndSet(null, e);
                    }
                }
            }));
        }
        Thread.sleep(warmUp);
        long before = done.sum();
        long start = System.nanoTime();
        Thread.sleep(measured);
        long counted = done.sum() - before;
        long took = System.nanoTime() - start;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(5));
        }
        Exception broken = failure.get();
        if (broken != null) {
            throw new IllegalStateException(name + " has failed", broken);
        }
        return new Rate(name, clients, Math.round(counted * 1e9 / took));
    }

    /** One line. */
    String json() {
        return "{\"name\":\"%s\",\"clients\":%d,\"perSecond\":%d}".formatted(name, clients, perSecond);
    }
}

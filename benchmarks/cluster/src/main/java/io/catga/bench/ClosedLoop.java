package io.catga.bench;

import java.util.PriorityQueue;

/** So many clients, each of which sends its next request as soon as it has the answer to the one before. */
final class ClosedLoop implements Arrivals {

    /** A client whose connection was refused does not try ten thousand times a second. */
    private static final long AFTER_A_FAILURE = 10_000_000;

    private final PriorityQueue<Long> due = new PriorityQueue<>();
    private final long end;

    ClosedLoop(int clients, long start, long end) {
        this.end = end;
        for (int i = 0; i < clients; i++) {
            due.add(start);
        }
    }

    @Override
    public long next() {
        Long first = due.peek();
        return first == null || first >= end ? NONE : first;
    }

    @Override
    public void taken() {
        due.remove();
    }

    @Override
    public void answered(long now) {
        due.add(now);
    }

    @Override
    public void failed(long now) {
        due.add(now + AFTER_A_FAILURE);
    }
}

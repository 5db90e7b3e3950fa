package io.catga.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the client of the load balancer is promised during a drill. In all of them no order is lost, made twice or made up,
 * every event arrives once, and no request fails once every container is healthy again.
 *
 * @param failedShare    of the requests, how many may fail at most
 * @param gap            between two successes, less than this
 * @param noRedelivery   whether every event is delivered once only
 * @param refusedWithin  a failure is told within this, unless the mending came before: then there is something to wait for
 */
record Promise(double failedShare, Duration gap, boolean noRedelivery, Duration refusedWithin) {

    private static final Duration ANY = Duration.ofDays(1);

    /** No request fails. */
    static Promise noFailure(Duration gap) {
        return new Promise(0, gap, false, ANY);
    }

    static Promise failuresBelow(double share, Duration gap) {
        return new Promise(share, gap, false, ANY);
    }

    /** Requests fail for as long as it lasts, and are told so at once. */
    static Promise refusal(Duration within) {
        return new Promise(1, ANY, false, within);
    }

    /** Whatever fails meanwhile. */
    static Promise safety() {
        return refusal(ANY);
    }

    Promise withoutRedelivery() {
        return new Promise(failedShare, gap, true, refusedWithin);
    }

    /** What of it was not kept; empty if all was. */
    List<String> broken(Verdict verdict, History history) {
        List<String> broken = new ArrayList<>();
        none("lost", verdict.lost(), broken);
        none("made twice", verdict.twice(), broken);
        none("nobody asked for", verdict.phantoms(), broken);
        none("answered differently when repeated", verdict.otherAnswers(), broken);
        none("events missed", verdict.missedEvents(), broken);
        none("events handled again", verdict.repeatedEvents(), broken);
        if (verdict.failedShare() > failedShare) {
            broken.add("%d of %d requests failed".formatted(verdict.failed(), verdict.requests()));
        }
        if (verdict.gap() >= micros(gap)) {
            broken.add(String.format(Locale.ROOT, "no success for %.2f s", verdict.gap() / 1e6));
        }
        if (noRedelivery && verdict.redeliveries() > 0) {
            broken.add(verdict.redeliveries() + " events delivered again");
        }
        long late = history.operations().stream()
                .filter(operation -> !operation.isAcknowledged() && operation.start() >= history.recovered())
                .count();
        if (late > 0) {
            broken.add(late + " requests failed after all was healthy again");
        }
        history.operations().stream()
                .filter(operation -> !operation.isAcknowledged()
                        && operation.took() > micros(refusedWithin)
                        && operation.start() + micros(refusedWithin) < history.mended())
                .mapToLong(Operation::took)
                .max()
                .ifPresent(
                        took -> broken.add(String.format(Locale.ROOT, "a failure was told after %.2f s", took / 1e6)));
        return broken;
    }

    private static void none(String what, List<String> found, List<String> broken) {
        if (!found.isEmpty()) {
            broken.add("%d %s, such as %s".formatted(found.size(), what, found.getFirst()));
        }
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }
}

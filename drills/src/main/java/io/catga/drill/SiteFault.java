package io.catga.drill;

import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Something that goes wrong in one of two data centres, or between them; and what is looked at because of it. */
class SiteFault {

    private static final Duration POLL = Duration.ofMillis(100);

    /** JetStream finds a leader within 4 to 8 s, once it has noticed that the last one is gone. */
    private static final Duration ELECTION = Duration.ofSeconds(30);

    /** After which events have been copied, and what was cut off is as before. */
    private static final Duration CATCH_UP = Duration.ofSeconds(60);

    private static final Duration RESTART = Duration.ofSeconds(60);

    /**
     * What is seen.
     *
     * @param told   figures
     * @param broken what ought to be otherwise
     */
    record Notes(List<String> told, List<String> broken) {

        void took(String what, double seconds, Duration limit) {
            told.add(String.format(Locale.ROOT, "%s after %.1f s", what, seconds));
            if (seconds >= limit.toSeconds()) {
                broken.add("%s not within %d s".formatted(what, limit.toSeconds()));
            }
        }
    }

    void begin(DataCentres sites) throws Exception {}

    /** While it is broken. */
    void watch(DataCentres sites, Notes notes) throws Exception {}

    void end(DataCentres sites) throws Exception {}

    /** Right after it was mended. */
    void follow(DataCentres sites, Notes notes) throws Exception {}

    private static double secondsUntil(Callable<Boolean> there, Instant since, Duration limit) throws Exception {
        while (!there.call() && Duration.between(since, Instant.now()).compareTo(limit) < 0) {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }

    private static void noteAdministration(DataCentre at, Instant since, Notes notes) throws Exception {
        try (JetStreamThere jetStream = JetStreamThere.at(at)) {
            double took = secondsUntil(() -> jetStream.takesNewConsumers(at.stream()), since, ELECTION);
            notes.took("JetStream made a consumer in " + at.name(), took, ELECTION);
        }
    }

    /** Nothing: both data centres work for themselves. */
    static SiteFault none() {
        return new SiteFault();
    }

    /** All of order-service in the first data centre is stopped. */
    static SiteFault servicesAway() {
        return new SiteFault() {
            @Override
            void begin(DataCentres sites) {
                sites.docker().run("stop", sites.first().orderServices());
            }

            @Override
            void end(DataCentres sites) {
                sites.docker().run("start", sites.first().orderServices());
            }
        };
    }

    /** The first data centre is cut off from the second one and from the arbiter. */
    static SiteFault cutOff() {
        return new SiteFault() {
            private Instant cut = Instant.EPOCH;
            private Instant joined = Instant.EPOCH;

            @Override
            void begin(DataCentres sites) {
                cut = Instant.now();
                sites.cut();
            }

            @Override
            void watch(DataCentres sites, Notes notes) throws Exception {
                DataCentre alone = sites.first();
                noteAdministration(sites.second(), cut, notes);
                try (JetStreamThere jetStream = JetStreamThere.at(alone)) {
                    notes.told()
                            .add("in %s it %s one meanwhile"
                                    .formatted(
                                            alone.name(),
                                            jetStream.takesNewConsumers(alone.stream()) ? "made" : "made no"));
                }
                Instant restarted = Instant.now();
                sites.docker().run("restart", alone.notificationService());
                sites.awaitHealthy(container -> container.name().equals(alone.notificationService()), restarted);
                double took = Duration.between(restarted, Instant.now()).toMillis() / 1000.0;
                notes.took(alone.notificationService() + ", restarted meanwhile, received again", took, RESTART);
            }

            @Override
            void end(DataCentres sites) {
                joined = Instant.now();
                sites.join();
            }

            @Override
            void follow(DataCentres sites, Notes notes) throws Exception {
                DataCentre first = sites.first();
                DataCentre second = sites.second();
                try (JetStreamThere inFirst = JetStreamThere.at(first);
                        JetStreamThere inSecond = JetStreamThere.at(second)) {
                    List<Awaited> awaited = List.of(
                            copied(first, inFirst, second, inSecond),
                            copied(second, inSecond, first, inFirst),
                            new Awaited(
                                    "JetStream made a consumer in " + first.name(),
                                    () -> inFirst.takesNewConsumers(first.stream())));
                    noteAll(awaited, joined, notes);
                }
            }
        };
    }

    /** Something that comes by itself. */
    private record Awaited(String what, Callable<Boolean> there) {}

    /** All at the same time, so that none is late because of another. */
    private static void noteAll(List<Awaited> awaited, Instant since, Notes notes) throws Exception {
        Set<Awaited> open = new LinkedHashSet<>(awaited);
        while (!open.isEmpty()) {
            for (Awaited one : List.copyOf(open)) {
                boolean there = isThere(one);
                Duration took = Duration.between(since, Instant.now());
                if (there || took.compareTo(CATCH_UP) >= 0) {
                    open.remove(one);
                    notes.took(one.what(), took.toMillis() / 1000.0, CATCH_UP);
                }
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    /** Whoever does not answer just then is asked again. */
    private static boolean isThere(Awaited one) throws Exception {
        try {
            return one.there().call();
        } catch (IOException | JetStreamApiException e) {
            return false;
        }
    }

    private static Awaited copied(DataCentre from, JetStreamThere home, DataCentre to, JetStreamThere away)
            throws IOException, JetStreamApiException {
        long there = home.count(from.stream(), from.subjects());
        long missing = there - away.count(to.stream(), from.subjects());
        return new Awaited(
                "%d events of %s were copied to %s".formatted(missing, from.name(), to.name()),
                () -> away.count(to.stream(), from.subjects()) >= there);
    }

    /** Every container of the first data centre is killed. */
    static SiteFault lost() {
        return new SiteFault() {
            private Instant killed = Instant.EPOCH;

            @Override
            void begin(DataCentres sites) {
                killed = Instant.now();
                sites.docker().run("kill", sites.at(sites.first()));
            }

            @Override
            void watch(DataCentres sites, Notes notes) throws Exception {
                noteAdministration(sites.second(), killed, notes);
            }

            @Override
            void end(DataCentres sites) {
                sites.docker().run("start", sites.at(sites.first()));
            }
        };
    }
}

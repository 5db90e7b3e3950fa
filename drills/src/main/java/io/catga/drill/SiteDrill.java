package io.catga.drill;

import java.time.Duration;
import java.util.List;

/**
 * One thing that may go wrong with two data centres, and what is promised in each meanwhile. What is promised of orders and
 * events in every drill, see {@link Promise}, holds for both.
 *
 * @param hold      how long it stays broken, at least
 * @param first     what is promised in the data centre that is concerned
 * @param second    and in the other one
 * @param elsewhere whether commands of the first may be handled in the second until all is well again, as NATS at home may
 *                  have none of its order-services for a while or for moments
 */
record SiteDrill(
        String name, String title, SiteFault fault, Duration hold, Promise first, Promise second, boolean elsewhere) {

    private static final Promise SECOND = Promise.noFailure(Duration.ofSeconds(1));
    private static final Promise TWO_SECONDS = Promise.noFailure(Duration.ofSeconds(2));
    /** The deadline of an order. Processes that have just started get all of them at once, being near, and are slow at first. */
    private static final Promise DEADLINE = Promise.noFailure(Duration.ofSeconds(5));

    static List<SiteDrill> all() {
        return List.of(
                new SiteDrill(
                        "local", "nothing is wrong", SiteFault.none(), Duration.ofSeconds(10), SECOND, SECOND, false),
                new SiteDrill(
                        "services-away",
                        "every order-service of dc1 is stopped",
                        SiteFault.servicesAway(),
                        Duration.ofSeconds(12),
                        DEADLINE,
                        TWO_SECONDS,
                        true),
                new SiteDrill(
                        "cut-off",
                        "dc1 is cut off from dc2 and the arbiter",
                        SiteFault.cutOff(),
                        Duration.ofSeconds(30),
                        TWO_SECONDS,
                        TWO_SECONDS,
                        true),
                new SiteDrill(
                        "lost",
                        "every container of dc1 is killed",
                        SiteFault.lost(),
                        Duration.ofSeconds(20),
                        Promise.safety(),
                        TWO_SECONDS,
                        true));
    }

    Promise promise(DataCentre site, DataCentres sites) {
        return site.equals(sites.first()) ? first : second;
    }
}

package io.catga.drill;

import java.util.List;

/**
 * One of the two of {@code docker-compose.multi-dc.yml}, by the names there.
 *
 * @param other the name of the other one
 * @param nats  where JetStream can be asked from outside
 * @param http  its load balancer
 */
record DataCentre(String name, String other, String nats, Http http) {

    /** Those that take its commands as long as one of them is there. */
    List<String> orderServices() {
        return List.of(name + "-order-service-1", name + "-order-service-2");
    }

    /** Who takes its commands otherwise, and stands in the other data centre. */
    String standIn() {
        return other + "-standby-for-" + name;
    }

    String notificationService() {
        return name + "-notification-service";
    }

    String stream() {
        return "CATGA_EVENTS_" + name;
    }

    /** Of the events of its orders, in either stream. */
    String subjects() {
        return "catga." + name + ".event.>";
    }

    /** Whether a container stands here. */
    boolean has(String container) {
        return container.startsWith(name + "-");
    }
}

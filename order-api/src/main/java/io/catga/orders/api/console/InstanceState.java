package io.catga.orders.api.console;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Map;

/**
 * What one instance says of itself, or that it says nothing.
 *
 * @param service what it is a replica of, such as {@code order-service}
 * @param name    the instance, such as {@code cluster-order-service-2}
 * @param status  {@code Healthy} or {@code Unhealthy} as in its {@code GET /health}, {@code Unreachable} where none came
 * @param checks  the lines of that answer
 */
@JsonPropertyOrder({"service", "name", "status", "checks"})
record InstanceState(String service, String name, String status, Map<String, String> checks) {

    static final String HEALTHY = "Healthy";
    static final String UNHEALTHY = "Unhealthy";
    static final String UNREACHABLE = "Unreachable";

    boolean isReachable() {
        return !status.equals(UNREACHABLE);
    }
}

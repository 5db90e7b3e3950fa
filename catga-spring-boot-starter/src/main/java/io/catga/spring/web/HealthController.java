package io.catga.spring.web;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says in three words whether this instance can do its work. */
@RestController
final class HealthController {

    private static final Map<String, String> LABELS = Map.of(
            "catgaCore", "Catga_Core_Health_Check", "nats", "NATS_Connection", "redis", "Redis_Connection");

    /**
     * The answer of {@code GET /health}.
     *
     * @param status {@code Healthy}, {@code Degraded} or {@code Unhealthy}
     * @param checks the same for each part
     */
    @JsonPropertyOrder({"status", "checks"})
    record HealthAnswer(String status, Map<String, String> checks) {}

    private final HealthEndpoint health;

    HealthController(HealthEndpoint health) {
        this.health = health;
    }

    @GetMapping("/health")
    ResponseEntity<HealthAnswer> health() {
        HealthDescriptor all = health.healthForPath("catga");
        Map<String, String> checks = new LinkedHashMap<>();
        if (all instanceof CompositeHealthDescriptor composite) {
            composite.getComponents().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(part ->
                            checks.put(LABELS.getOrDefault(part.getKey(), part.getKey()), word(part.getValue())));
        }
        return ResponseEntity.status(Status.UP.equals(all.getStatus()) ? 200 : 503)
                .cacheControl(CacheControl.noStore())
                .body(new HealthAnswer(word(all), checks));
    }

    private static String word(HealthDescriptor descriptor) {
        String code = descriptor.getStatus().getCode();
        return switch (code) {
            case "UP" -> "Healthy";
            case "DEGRADED" -> "Degraded";
            default -> "Unhealthy";
        };
    }
}

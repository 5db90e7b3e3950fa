package io.catga.spring.web;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.catga.spring.HealthCheck;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says in few words whether this instance can do its work, and 503 where it cannot. */
@RestController
final class HealthController {

    private static final String HEALTHY = "Healthy";
    private static final String UNHEALTHY = "Unhealthy";

    /**
     * The answer of {@code GET /health}.
     *
     * @param status {@code Healthy} where every check is
     * @param checks {@code Healthy} or {@code Unhealthy} for each part
     */
    @JsonPropertyOrder({"status", "checks"})
    record HealthAnswer(String status, Map<String, String> checks) {}

    private final List<HealthCheck> checks;

    HealthController(List<HealthCheck> checks) {
        this.checks = checks;
    }

    @GetMapping("/health")
    ResponseEntity<HealthAnswer> health() {
        Map<String, String> words = new TreeMap<>();
        for (HealthCheck check : checks) {
            boolean up = Status.UP.equals(check.health().getStatus());
            words.put(check.label(), up ? HEALTHY : UNHEALTHY);
        }
        boolean allUp = !words.containsValue(UNHEALTHY);
        return ResponseEntity.status(allUp ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .cacheControl(CacheControl.noStore())
                .body(new HealthAnswer(allUp ? HEALTHY : UNHEALTHY, words));
    }
}

package io.catga.orders.api.console;

import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The instances of the order system over HTTP. */
@RestController
final class InstanceController {

    /** The answer of {@code GET /api/instances}. */
    record InstanceList(List<InstanceState> instances) {}

    private final Instances instances;

    InstanceController(Instances instances) {
        this.instances = instances;
    }

    @Operation(
            summary = "Which instances there are",
            description = "Healthy or Unhealthy as each says itself; Unreachable where it says nothing, or has gone.")
    @GetMapping(path = "/api/instances", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<InstanceList> all() {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new InstanceList(instances.all()));
    }
}

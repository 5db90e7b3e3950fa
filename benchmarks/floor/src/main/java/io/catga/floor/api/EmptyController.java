package io.catga.floor.api;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers nothing: what an HTTP request costs by itself, through the load balancer or without it. */
@RestController
final class EmptyController {

    @GetMapping("/empty")
    ResponseEntity<Void> empty() {
        return ResponseEntity.noContent().build();
    }
}

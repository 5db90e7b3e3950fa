package io.catga.floor.api;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Orders over HTTP. The order service's JSON is passed on as it came. */
@RestController
@RequestMapping(path = "/api/orders", produces = MediaType.APPLICATION_JSON_VALUE)
final class OrderController {

    private final OrderService orders;

    OrderController(OrderService orders) {
        this.orders = orders;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> create(
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @Valid @RequestBody OrderRequest body,
            HttpServletResponse response) {
        OrderService.Answer answer = orders.create(body.toCommand(), IdempotencyKey.of(key));
        requireSuccess(answer, response);
        if (answer.replayed()) {
            response.setHeader("Idempotent-Replayed", "true");
        }
        return ResponseEntity.created(URI.create("/api/orders/" + answer.orderId()))
                .contentType(MediaType.APPLICATION_JSON)
                .body(answer.body());
    }

    @GetMapping("/{orderId}")
    ResponseEntity<byte[]> get(@PathVariable String orderId, HttpServletResponse response) {
        OrderService.Answer answer = orders.get(orderId);
        requireSuccess(answer, response);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(answer.body());
    }

    /** The header is on failures too. */
    private static void requireSuccess(OrderService.Answer answer, HttpServletResponse response) {
        response.setHeader("X-Handled-By", answer.handledBy());
        if (answer.status() >= HttpStatus.BAD_REQUEST.value()) {
            throw new ProblemException(Code.of(answer.status()), new String(answer.body(), StandardCharsets.UTF_8));
        }
    }
}

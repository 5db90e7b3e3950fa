package io.catga.notifications;

import io.catga.CatgaError;
import io.catga.CatgaError.Violation;
import io.catga.CatgaException;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Notifications over HTTP: what is kept about one order, and what is happening now. */
@RestController
@RequestMapping("/api/notifications")
final class NotificationController {

    private static final int LONGEST_ID = 64;
    /** Of one question. */
    private static final int MOST_ORDERS = 50;

    /** The answer of {@code GET /api/notifications}. */
    record NotificationList(List<Notification> notifications) {}

    private final Notifications notifications;
    private final NotificationStream stream;

    NotificationController(Notifications notifications, NotificationStream stream) {
        this.notifications = notifications;
        this.stream = stream;
    }

    /** About one order, or about several at once, one after the other: {@code ?orderId=a&orderId=b}. */
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    NotificationList about(@RequestParam("orderId") List<String> orderIds) {
        if (orderIds.isEmpty() || orderIds.stream().anyMatch(id -> id.isBlank() || id.length() > LONGEST_ID)) {
            throw invalid("must be 1 to " + LONGEST_ID + " characters");
        }
        if (orderIds.size() > MOST_ORDERS) {
            throw invalid("must not be given more than " + MOST_ORDERS + " times");
        }
        return new NotificationList(notifications.about(orderIds));
    }

    private static CatgaException invalid(String problem) {
        return new CatgaException(CatgaError.validation(List.of(new Violation("orderId", problem))));
    }

    @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<SseEmitter> stream() {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(stream.watch());
    }
}

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

    /** The answer of {@code GET /api/notifications}. */
    record NotificationList(List<Notification> notifications) {}

    private final Notifications notifications;
    private final NotificationStream stream;

    NotificationController(Notifications notifications, NotificationStream stream) {
        this.notifications = notifications;
        this.stream = stream;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    NotificationList about(@RequestParam String orderId) {
        if (orderId.isBlank() || orderId.length() > LONGEST_ID) {
            throw new CatgaException(CatgaError.validation(
                    List.of(new Violation("orderId", "must be 1 to " + LONGEST_ID + " characters"))));
        }
        return new NotificationList(notifications.about(orderId));
    }

    @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<SseEmitter> stream() {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(stream.watch());
    }
}

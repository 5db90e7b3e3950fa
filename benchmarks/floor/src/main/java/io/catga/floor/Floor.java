package io.catga.floor;

import io.catga.floor.api.ApiApplication;
import io.catga.floor.notification.NotificationApplication;
import io.catga.floor.raw.Cleanup;
import io.catga.floor.raw.RawRates;
import io.catga.floor.service.ServiceApplication;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;

/** Runs one role of the floor: the first argument names it, or else the environment's {@code FLOOR_ROLE}. */
public final class Floor {

    private Floor() {}

    static void main(String[] args) throws Exception {
        String role = args.length > 0 ? args[0] : System.getenv().getOrDefault("FLOOR_ROLE", "");
        String[] rest = args.length > 0 ? Arrays.copyOfRange(args, 1, args.length) : args;
        switch (role) {
            case "api" -> SpringApplication.run(ApiApplication.class, rest);
            case "service" -> SpringApplication.run(ServiceApplication.class, rest);
            case "notification" -> SpringApplication.run(NotificationApplication.class, rest);
            case "raw" -> RawRates.print(System.out);
            case "cleanup" -> Cleanup.run();
            default ->
                throw new IllegalArgumentException(
                        "the role must be api, service, notification, raw or cleanup, but was '" + role
                                + "'; set FLOOR_ROLE");
        }
    }
}

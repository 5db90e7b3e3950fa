package io.catga.pipeline;

import io.catga.CatgaError;
import io.catga.CatgaError.Violation;
import io.catga.MessageDescriptor;
import io.catga.Result;
import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Refuses a message that breaks a constraint of Jakarta Validation, naming every one that it breaks. Both the sender
 * and the handler's side check: the first spares the way, the second trusts nobody.
 */
final class ValidationBehavior implements Behavior {

    private final Validator validator;

    /** By the constraints that this validator finds. */
    ValidationBehavior(Validator validator) {
        this.validator = validator;
    }

    @Override
    public Placement placement() {
        return Placement.at(Stage.VALIDATION);
    }

    @Override
    public Optional<Step> stepFor(Target target) {
        MessageDescriptor type = target.type();
        if (!validator.getConstraintsForClass(type.type()).isBeanConstrained()) {
            return Optional.empty();
        }
        return Optional.of((context, next) -> {
            List<Violation> violations = validator.validate(context.message()).stream()
                    .map(broken -> new Violation(broken.getPropertyPath().toString(), broken.getMessage()))
                    .sorted(Comparator.comparing(Violation::field).thenComparing(Violation::problem))
                    .toList();
            return violations.isEmpty() ? next.proceed(context) : Result.failure(CatgaError.validation(violations));
        });
    }
}

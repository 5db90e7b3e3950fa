package io.catga.benchmarks;

import static java.lang.constant.ConstantDescs.CD_Integer;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import io.catga.Command;
import io.catga.CommandHandler;
import io.catga.MessageCatalog;
import io.catga.MessageContext;
import io.catga.MessageType;
import io.catga.Request;
import io.catga.Result;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.classfile.Signature.TypeArg;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * One of many types of command with a handler of its own, each a class as somebody would write it, so that for the JVM they
 * are as different as real ones:
 *
 * {@snippet :
 * @MessageType("benchmarks.numbered-17")
 * public final class Numbered17 implements Command<Integer> {}
 *
 * public final class Numbered17Handler implements CommandHandler<Numbered17, Integer> {
 *     public Result<Integer> handle(Numbered17 command, MessageContext context) {
 *         return Result.success(17);
 *     }
 * }
 * }
 */
record NumberedType(Command<Integer> message, CommandHandler<?, Integer> handler) {

    private static final ClassDesc COMMAND = describe(Command.class);
    private static final ClassDesc HANDLER = describe(CommandHandler.class);
    private static final ClassDesc RESULT = describe(Result.class);
    private static final MethodTypeDesc HANDLE =
            MethodTypeDesc.of(RESULT, describe(Request.class), describe(MessageContext.class));
    private static final ClassTypeSig INTEGER = ClassTypeSig.of(CD_Integer);

    private static final List<NumberedType> MADE = new ArrayList<>();

    /** The first so many; the same ones each time, as a class can be defined only once. */
    static synchronized List<NumberedType> first(int count) {
        while (MADE.size() < count) {
            MADE.add(make(MADE.size() + 1));
        }
        return List.copyOf(MADE.subList(0, count));
    }

    static MessageCatalog catalogOf(Collection<NumberedType> types) {
        return MessageCatalog.union(types.stream()
                .map(type -> MessageCatalog.of(type.message().getClass()))
                .toList());
    }

    @SuppressWarnings("unchecked") // the classes are made just so
    private static NumberedType make(int number) {
        String name = NumberedType.class.getPackageName() + ".Numbered" + number;
        ClassDesc message = ClassDesc.of(name);
        return new NumberedType(
                (Command<Integer>) instance(message, type -> writeMessage(type, number)), (CommandHandler<?, Integer>)
                        instance(ClassDesc.of(name + "Handler"), type -> writeHandler(type, message, number)));
    }

    private static void writeMessage(ClassBuilder type, int number) {
        AnnotationElement name = AnnotationElement.ofString("value", "benchmarks.numbered-" + number);
        type.withInterfaceSymbols(COMMAND)
                .with(implementing(ClassTypeSig.of(COMMAND, TypeArg.of(INTEGER))))
                .with(RuntimeVisibleAnnotationsAttribute.of(Annotation.of(describe(MessageType.class), name)));
    }

    private static void writeHandler(ClassBuilder type, ClassDesc message, int number) {
        type.withInterfaceSymbols(HANDLER)
                .with(implementing(ClassTypeSig.of(HANDLER, TypeArg.of(ClassTypeSig.of(message)), TypeArg.of(INTEGER))))
                .withMethodBody(
                        "handle",
                        HANDLE,
                        ClassFile.ACC_PUBLIC,
                        code -> code.aload(1)
                                .checkcast(message)
                                .pop()
                                .loadConstant(number)
                                .invokestatic(CD_Integer, "valueOf", MethodTypeDesc.of(CD_Integer, CD_int))
                                .invokestatic(RESULT, "success", MethodTypeDesc.of(RESULT, CD_Object), true)
                                .areturn());
    }

    private static SignatureAttribute implementing(ClassTypeSig type) {
        return SignatureAttribute.of(ClassSignature.of(ClassTypeSig.of(CD_Object), type));
    }

    private static Object instance(ClassDesc name, Consumer<ClassBuilder> content) {
        byte[] bytes = ClassFile.of().build(name, type -> {
            type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
            type.withMethodBody(
                    INIT_NAME,
                    MTD_void,
                    ClassFile.ACC_PUBLIC,
                    code -> code.aload(0)
                            .invokespecial(CD_Object, INIT_NAME, MTD_void)
                            .return_());
            content.accept(type);
        });
        try {
            return MethodHandles.lookup()
                    .defineClass(bytes)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name.displayName() + " cannot be made", e);
        }
    }

    private static ClassDesc describe(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }
}

namespace Touchstone.Server;

public static class TouchstoneServer
{
}

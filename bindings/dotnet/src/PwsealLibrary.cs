namespace Pwseal
{
    /// <summary>The library that was loaded.</summary>
    public static class PwsealLibrary
    {
        /// <summary>Its version, such as "0.1.0".</summary>
        public static string Version => Native.StaticText(Native.pwseal_version());
    }
}
